namespace Slipway.Conformance.Tests.Replay;

/// <summary>Sends requests with their path and query byte for byte as recorded: no dot segment, escape or slash is touched.</summary>
internal sealed class Sender(Uri server) : IDisposable
{
    private static readonly UriCreationOptions s_verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    });

    public async Task<ServerAnswer> SendAsync(OutgoingRequest outgoing)
    {
        var address = new Uri($"{server.GetLeftPart(UriPartial.Authority)}{outgoing.Target}", s_verbatim);
        using var request = new HttpRequestMessage(new HttpMethod(outgoing.Method), address);

        if (outgoing.Body.Length > 0 || outgoing.ContentType is not null)
        {
            request.Content = new ByteArrayContent(outgoing.Body);
        }

        if (outgoing.ContentType is not null)
        {
            request.Content!.Headers.TryAddWithoutValidation("Content-Type", outgoing.ContentType);
        }

        if (outgoing.Range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", outgoing.Range);
        }

        try
        {
            using var response = await _client.SendAsync(request);
            return new ServerAnswer((int)response.StatusCode, Headers(response), await response.Content.ReadAsByteArrayAsync());
        }
        catch (HttpRequestException broken)
        {
            return new ServerAnswer(0, new Dictionary<string, string> { ["broken"] = broken.Message }, []);
        }
    }

    public void Dispose() => _client.Dispose();

    private static Dictionary<string, string> Headers(HttpResponseMessage response) =>
        response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
}
