using System.Collections.Concurrent;
using System.Net;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>People who ask all the time, and what they were answered.</summary>
internal sealed class Callers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _asking;

    public Callers(Site site, int count = 8) =>
        _asking = Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(() => AskAsync(site))));

    public ConcurrentBag<string> Failures { get; } = [];

    public ConcurrentDictionary<string, int> Versions { get; } = [];

    public int Answered => Versions.Values.Sum();

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _asking;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task AskAsync(Site site)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await site.AskAsync();
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Versions.AddOrUpdate(answer.Headers.GetValues("X-Slipway-Model-Version").Single(), 1, (_, count) => count + 1);
                    continue;
                }

                Failures.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException exception)
            {
                Failures.Add(exception.Message);
            }
        }
    }
}
