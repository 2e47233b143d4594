using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Wire;
using Slipway.Wire.Content;
using Slipway.Wire.Json;
using Slipway.Wire.Native;
using Slipway.Wire.Registry;
using Slipway.Wire.Tracking;

namespace Slipway.Client;

/// <summary>Talks to a Slipway server, or to any server that speaks MLflow's REST API. Safe to use from several threads.</summary>
/// <remarks>
/// Every method fails with a <see cref="SlipwayException"/> when the server answers an error, and with a
/// <see cref="ServerUnreachableException"/> when it does not answer.
/// </remarks>
public sealed partial class SlipwayClient : IDisposable
{
    private const string Api = "api/2.0/mlflow/";
    private const string ArtifactApi = "api/2.0/mlflow-artifacts/artifacts/";

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="server">The server's address, with its prefix if it has one: <c>http://127.0.0.1:5000</c>.</param>
    /// <param name="token">Sent as a bearer token; none while the server asks for none.</param>
    public SlipwayClient(Uri server, string? token = null)
    {
        Server = new Uri(server.ToString().TrimEnd('/') + "/");
        // Files take as long as they take; a server that is not there is noticed at once.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTime }) { BaseAddress = Server, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <summary>Makes a client of a user who comes with a password; nothing is sent yet.</summary>
    /// <param name="server">The server's address, with its prefix if it has one.</param>
    /// <param name="user">The user's name.</param>
    /// <param name="password">Sent with every request, so use it to make a token.</param>
    public SlipwayClient(Uri server, string user, string password)
        : this(server) => _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    /// <summary>The server's address, with a slash at its end.</summary>
    public Uri Server { get; }

    /// <summary>Asks whether the server is there; returns when it is.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "health");
        using var response = await AnswerAsync(request, AnswerTime, cancellationToken);
    }

    /// <summary>Makes an experiment and gives its id.</summary>
    /// <param name="request">What to make; a taken name fails with <c>RESOURCE_ALREADY_EXISTS</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public async Task<string> CreateExperimentAsync(CreateExperimentRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync<CreateExperimentRequest, CreateExperimentResponse>(HttpMethod.Post, "experiments/create", request, cancellationToken)).ExperimentId;

    /// <summary>Begins a run.</summary>
    /// <param name="request">What to begin; an unknown experiment fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public async Task<Run> CreateRunAsync(CreateRunRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync<CreateRunRequest, RunResponse>(HttpMethod.Post, "runs/create", request, cancellationToken)).Run;

    /// <summary>Logs metrics, params and tags for one run: all of them or none.</summary>
    /// <param name="request">What to log; a param that has another value already fails with <c>INVALID_PARAMETER_VALUE</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task LogBatchAsync(LogBatchRequest request, CancellationToken cancellationToken = default) =>
        SendAsync<LogBatchRequest, EmptyResponse>(HttpMethod.Post, "runs/log-batch", request, cancellationToken);

    /// <summary>Finds one page of runs.</summary>
    /// <param name="request">Where to look for what, and in which order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<SearchRunsResponse> SearchRunsAsync(SearchRunsRequest request, CancellationToken cancellationToken = default) =>
        SendAsync<SearchRunsRequest, SearchRunsResponse>(HttpMethod.Post, "runs/search", request, cancellationToken);

    /// <summary>Makes a registered model.</summary>
    /// <param name="request">What to make; a taken name fails with <c>RESOURCE_ALREADY_EXISTS</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public async Task<RegisteredModel> CreateRegisteredModelAsync(CreateRegisteredModelRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync<CreateRegisteredModelRequest, RegisteredModelResponse>(HttpMethod.Post, "registered-models/create", request, cancellationToken)).RegisteredModel;

    /// <summary>Registers a version of a model.</summary>
    /// <param name="request">Which files of which run become the next version.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public async Task<ModelVersion> CreateModelVersionAsync(CreateModelVersionRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync<CreateModelVersionRequest, ModelVersionResponse>(HttpMethod.Post, "model-versions/create", request, cancellationToken)).ModelVersion;

    /// <summary>Moves a version to another stage.</summary>
    /// <param name="request">Which version, where to, and whether the others in that stage are archived.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public async Task<ModelVersion> TransitionStageAsync(TransitionStageRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync<TransitionStageRequest, ModelVersionResponse>(HttpMethod.Post, "model-versions/transition-stage", request, cancellationToken)).ModelVersion;

    /// <summary>The highest version in each stage.</summary>
    /// <param name="request">Which model; no stages means all of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ModelVersion>> GetLatestVersionsAsync(GetLatestVersionsRequest request, CancellationToken cancellationToken = default) =>
        (await SendAsync<GetLatestVersionsRequest, ModelVersionsResponse>(HttpMethod.Post, "registered-models/get-latest-versions", request, cancellationToken)).ModelVersions ?? [];

    /// <summary>Stores a file among the artifacts; one of the same name is replaced as a whole.</summary>
    /// <param name="path">Below the server's artifact root: <c>1/RUN_ID/artifacts/model/model.bin</c>.</param>
    /// <param name="content">The bytes, read to their end.</param>
    /// <param name="cancellationToken">Breaks the upload off; nothing of it stays.</param>
    public async Task UploadArtifactAsync(string path, Stream content, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, ArtifactApi + Escape(path)) { Content = new StreamContent(content) };
        using var response = await AnswerAsync(request, Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Opens an artifact for reading; the caller disposes the stream.</summary>
    /// <param name="path">Below the server's artifact root; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait for the first byte.</param>
    public async Task<Stream> DownloadArtifactAsync(string path, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ArtifactApi + Escape(path));
        return await (await AnswerAsync(request, AnswerTime, cancellationToken)).Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>Sends any record of the wire to its endpoint.</summary>
    /// <param name="method">The endpoint's method; a GET takes no body and is not for this.</param>
    /// <param name="endpoint">Below <c>/api/2.0/mlflow/</c>: <c>runs/create</c>.</param>
    /// <param name="request">The body.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(HttpMethod method, string endpoint, TRequest request, CancellationToken cancellationToken = default)
    {
        var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Of<TRequest>()));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var message = new HttpRequestMessage(method, Api + endpoint) { Content = body };
        return await ReadAsync<TResponse>(message, endpoint, AnswerTime, cancellationToken);
    }

    /// <summary>Sends a record to an endpoint of the native API.</summary>
    /// <param name="method">The endpoint's method; what a GET asks for stands in its query.</param>
    /// <param name="path">Below <c>/api/slipway/v1/</c>, with its values escaped: <c>promotions/7</c>.</param>
    /// <param name="request">The body; null sends none.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    internal Task<TResponse> CallAsync<TRequest, TResponse>(HttpMethod method, string path, TRequest? request, CancellationToken cancellationToken)
        where TRequest : class => CallAsync<TRequest, TResponse>(method, (path, null), request, cancellationToken);

    /// <summary>The same for what is edited: the server refuses when it is not the version that was seen; null edits whatever there is.</summary>
    private Task<TResponse> CallAsync<TRequest, TResponse>(HttpMethod method, (string Path, long? Seen) on, TRequest? request, CancellationToken cancellationToken)
        where TRequest : class => CallAsync<TRequest, TResponse>(method, on, request, AnswerTime, cancellationToken);

    private async Task<TResponse> CallAsync<TRequest, TResponse>(HttpMethod method, (string Path, long? Seen) on, TRequest? request, TimeSpan limit, CancellationToken cancellationToken)
        where TRequest : class
    {
        using var message = new HttpRequestMessage(method, NativeApi.Prefix.TrimStart('/') + on.Path);
        if (on.Seen is { } seen)
        {
            message.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{seen}\"")));
        }

        if (request is not null)
        {
            message.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Of<TRequest>()));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (method == HttpMethod.Post)
        {
            message.Headers.Add(NativeApi.IdempotencyHeader, Guid.NewGuid().ToString("N"));
        }

        return await ReadAsync<TResponse>(message, on.Path, limit, cancellationToken);
    }

    /// <summary>Has the server remove stored content that nothing refers to. It may take long, and can be broken off at any time.</summary>
    /// <param name="request">How.</param>
    /// <param name="cancellationToken">Breaks it off; what was removed by then stays removed.</param>
    public Task<CollectGarbageResponse> CollectGarbageAsync(CollectGarbageRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CollectGarbageRequest, CollectGarbageResponse>(HttpMethod.Post, ("gc", null), request, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Asks an endpoint of the native API.</summary>
    /// <param name="path">Below <c>/api/slipway/v1/</c>, with its values escaped and its query: <c>promotions?state=open</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task<TResponse> AskAsync<TResponse>(string path, CancellationToken cancellationToken) =>
        CallAsync<EmptyResponse, TResponse>(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private async Task<TResponse> ReadAsync<TResponse>(HttpRequestMessage request, string endpoint, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var response = await AnswerAsync(request, limit, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(stream, WireJson.Of<TResponse>(), cancellationToken)
            ?? throw new SlipwayException(ErrorCode.InternalError, $"{Server} answered {endpoint} with nothing.");
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, TimeSpan limit, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ServerUnreachableException($"No Slipway answers at {Server}: {exception.Message} Start one with 'slipway serve', or name another.", exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Told(response, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
    }

    private SlipwayException Told(HttpResponseMessage response, byte[] body)
    {
        try
        {
            if (response.Content.Headers.ContentType?.MediaType == Problem.MediaType && JsonSerializer.Deserialize(body, WireJson.Of<Problem>()) is { } problem)
            {
                return new SlipwayException(problem.Code, problem.Detail);
            }

            var error = JsonSerializer.Deserialize(body, WireJson.Of<ErrorResponse>());
            return new SlipwayException(error?.Code ?? ErrorCode.InternalError, error?.Message ?? "");
        }
        catch (JsonException exception)
        {
            return new SlipwayException(ErrorCode.InternalError, $"{Server} answered {(int)response.StatusCode}, and not in JSON.", exception);
        }
    }
}
