using System.Collections.Concurrent;
using System.Net;
using Slipway.Server.Tests.Artifacts;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What stored content promises when the server is killed at any moment, in the middle of uploads and of sweeps.</summary>
public sealed class ContentKillTests
{
    private const int Kills = 8;

    [Promise]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_half_there_however_often_it_is_killed()
    {
        await using var fresh = await Fresh.SqliteAsync();
        var random = new Random(Kills);
        var load = new Load();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var process = await SlipwayProcess.StartAsync(fresh);
            using var client = new WireClient(process.Address);
            await load.CheckAsync(client);

            var work = load.RunAsync(client, kill);
            await load.ReachAsync(random.Next(3, 25));
            await process.KillAsync();
            await work.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await using var last = await SlipwayProcess.StartAsync(fresh);
        using var calm = new WireClient(last.Address);
        await load.CheckAsync(calm);

        // Leases of the dead still hold; everything that was acknowledged outlives a sweep.
        var swept = (await calm.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();
        Assert.False(swept["dry_run"]!.GetValue<bool>());
        await load.CheckAsync(calm);
    }

    /// <summary>Uploads, deletions and sweeps until the server is gone, and what was acknowledged.</summary>
    private sealed class Load
    {
        private const string Proxy = ArtifactServer.Proxy;

        private readonly ConcurrentDictionary<string, byte[]?> _files = new();
        private readonly byte[][] _bodies = [.. Enumerable.Range(0, 5).Select(seed => Samples.Random(seed, 50_000 + (700_000 * seed))), .. Enumerable.Range(5, 3).Select(seed => Samples.Table(seed, 300_000))];
        private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = int.MaxValue;

        public Task RunAsync(WireClient client, int round)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, int.MaxValue);
            return Task.WhenAll([
                .. Enumerable.Range(0, 3).Select(writer => Task.Run(() => UntilGoneAsync(number => StoreAsync(client, $"w{writer}/f{number % 6}", (7 * round) + (3 * writer) + number)))),
                Task.Run(() => UntilGoneAsync(number => DropAsync(client, $"dropped/{round}-{number}", number))),
                Task.Run(() => UntilGoneAsync(_ => SweepAsync(client))),
            ]);
        }

        /// <summary>Waits until so much more is acknowledged.</summary>
        public Task ReachAsync(int more)
        {
            Volatile.Write(ref _left, more);
            return _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }

        public async Task CheckAsync(WireClient client)
        {
            using var http = new HttpClient { BaseAddress = client.Address };
            foreach (var (path, body) in _files)
            {
                using var reply = await http.GetAsync(new Uri($"{Proxy}/{path}", UriKind.Relative));
                if (body is not null)
                {
                    Assert.True(reply.StatusCode == HttpStatusCode.OK, $"{path}: {await reply.Content.ReadAsStringAsync()}");
                    Samples.AssertSame(body, await reply.Content.ReadAsByteArrayAsync());
                }
                else if (reply.StatusCode == HttpStatusCode.OK)
                {
                    // Nobody was told: it is the whole of something that was sent, or not there.
                    var found = await reply.Content.ReadAsByteArrayAsync();
                    Assert.Contains(_bodies, sent => sent.AsSpan().SequenceEqual(found));
                }
                else
                {
                    Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
                }
            }
        }

        private static async Task UntilGoneAsync(Func<int, Task> act)
        {
            try
            {
                for (var number = 0; ; number++)
                {
                    await act(number);
                }
            }
            catch (HttpRequestException)
            {
                // It is gone.
            }
        }

        private async Task StoreAsync(WireClient client, string path, int choice)
        {
            var body = _bodies[choice % _bodies.Length];
            _files[path] = null;
            (await client.SendAsync(HttpMethod.Put, $"{Proxy}/{path}", new ByteArrayContent(body))).Ok();
            _files[path] = body;
            Count();
        }

        private async Task DropAsync(WireClient client, string path, int choice)
        {
            await StoreAsync(client, path, choice);
            _files[path] = null;
            (await client.DeleteAsync($"{Proxy}/{path}")).Ok();
            _files.TryRemove(path, out _);
        }

        private async Task SweepAsync(WireClient client)
        {
            (await client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();
            Count();
        }

        private void Count()
        {
            if (Interlocked.Decrement(ref _left) <= 0)
            {
                _reached.TrySetResult();
            }
        }
    }
}
