using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Server.Delivery;

/// <summary>Talks to the gateway of a folder through its socket.</summary>
/// <remarks>What the gateway refuses is a <see cref="GatewayException"/>; one that is not there an <see cref="HttpRequestException"/>.</remarks>
internal sealed class GatewayControl(string folder) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(Path.Join(folder, "control.sock"), token) })
    {
        BaseAddress = new Uri("http://gateway/"),
        Timeout = TimeSpan.FromSeconds(5),
    };

    public Task<GatewayState> StateAsync(CancellationToken cancellationToken) => AskAsync<GatewayState>(new HttpRequestMessage(HttpMethod.Get, "state"), cancellationToken);

    public async Task<IReadOnlyList<JournaledLook>> LooksAsync(long after, CancellationToken cancellationToken) =>
        (await AskAsync<LooksAnswer>(new HttpRequestMessage(HttpMethod.Get, FormattableString.Invariant($"looks?after={after}")), cancellationToken)).Looks;

    public Task SendAsync(GatewayTable table, CancellationToken cancellationToken) => TellAsync(HttpMethod.Put, "table", GatewayJson.Write(table), cancellationToken);

    public Task RollBackAsync(RollbackOrder order, CancellationToken cancellationToken) => TellAsync(HttpMethod.Post, "rollback", GatewayJson.Write(order), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => TellAsync(HttpMethod.Post, "stop", [], cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            return GatewayJson.Read<T>(await SendAsync(request, cancellationToken));
        }
    }

    private async Task TellAsync(HttpMethod method, string path, byte[] json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        await SendAsync(request, cancellationToken);
    }

    private async Task<byte[]> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode < HttpStatusCode.BadRequest ? body : throw new GatewayException(GatewayJson.Read<ControlProblem>(body).Message);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The gateway does not answer.", exception);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The gateway refuses what it was told.</summary>
internal sealed class GatewayException(string message) : Exception(message);
