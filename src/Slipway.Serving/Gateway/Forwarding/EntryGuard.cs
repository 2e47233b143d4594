using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>Asks the server whether a caller may come in, and remembers the answer: for a moment, and for as long as the server is away.</summary>
internal sealed class EntryGuard(TimeProvider time) : IDisposable
{
    private const int Most = 10_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _server = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { Timeout = _patience };
    private readonly ConcurrentDictionary<string, Answer> _answers = [];

    /// <summary>200, or the status to refuse with; 503 when the server is away and was never asked about this caller.</summary>
    public async ValueTask<int> AskAsync(EntryCheck check, string model, string? authorization)
    {
        // What is remembered can't be used to come in.
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\n{authorization}")));
        _answers.TryGetValue(key, out var known);
        if (known is not null && time.GetElapsedTime(known.At) < TimeSpan.FromSeconds(check.KeepSeconds))
        {
            return await known.Status.Value;
        }

        return await (known is null ? Remember(key, check, model, authorization) : Renew(key, known, check, model, authorization)).Status.Value;
    }

    public void Dispose() => _server.Dispose();

    private Answer Remember(string key, EntryCheck check, string model, string? authorization)
    {
        if (_answers.Count >= Most)
        {
            _answers.Clear();
        }

        return _answers.GetOrAdd(key, new Answer(time.GetTimestamp(), new(() => AskServerAsync(check, model, authorization, before: null))));
    }

    // Of all who find the answer too old, one asks anew, and the others wait for that.
    private Answer Renew(string key, Answer known, EntryCheck check, string model, string? authorization)
    {
        var renewed = new Answer(time.GetTimestamp(), new(() => AskServerAsync(check, model, authorization, known)));
        return _answers.TryUpdate(key, renewed, known) ? renewed : _answers.GetValueOrDefault(key, renewed);
    }

    private async Task<int> AskServerAsync(EntryCheck check, string model, string? authorization, Answer? before)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{check.Address}{(check.Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}model={Uri.EscapeDataString(model)}");
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await _server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            switch ((int)response.StatusCode)
            {
                case >= 200 and < 300:
                    return 200;
                case 401 or 403:
                    return (int)response.StatusCode;
            }
        }
        catch (Exception exception) when (Failures.IsOfWorker(exception) || exception is OperationCanceledException)
        {
            // It is away: what it said last holds.
        }

        return before is null ? 503 : await before.Status.Value;
    }

    private sealed record Answer(long At, Lazy<Task<int>> Status);
}
