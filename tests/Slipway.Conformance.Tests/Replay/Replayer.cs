using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>Sends a recording to a server, request after request, and compares each answer with the recorded one.</summary>
internal sealed class Replayer(Uri server, Action beforeRequest, IReadOnlyList<Deviation> deviations) : IDisposable
{
    private readonly Sender _sender = new(server);
    private readonly Names _names = new();
    private readonly Times _times = new();

    public async Task<IReadOnlyList<Mismatch>> PlayAsync(Recording recording)
    {
        var mismatches = new List<Mismatch>();

        foreach (var exchange in recording.Exchanges)
        {
            var expectation = Expectation.Of(exchange, deviations);

            if (expectation.Deviations.Any(deviation => deviation.IsLeftOut))
            {
                continue;
            }

            if (await PlayAsync(exchange, expectation) is { } mismatch)
            {
                mismatches.Add(mismatch);
            }

            foreach (var (method, path, body) in expectation.Deviations.Select(deviation => deviation.Undo).OfType<(string, string, JsonObject)>())
            {
                await _sender.SendAsync(new OutgoingRequest(method, path, Encoding.UTF8.GetBytes(body.ToJsonString())) { ContentType = "application/json" });
            }
        }

        return mismatches;
    }

    public void Dispose() => _sender.Dispose();

    private async Task<Mismatch?> PlayAsync(Exchange exchange, Expectation expectation)
    {
        beforeRequest();
        var request = _names.Request(exchange);
        var ours = await _sender.SendAsync(request);
        var wrongNames = _names.Learn(exchange, ours).ToList();
        var expected = expectation with { Answer = _names.Answer(expectation.Answer) };
        List<string> differences = [.. wrongNames, .. Comparison.Differences(expected, ours, _times)];
        return differences.Count == 0 ? null : new Mismatch(exchange, request, ours, differences);
    }
}
