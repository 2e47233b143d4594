using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What adding promises when the server is killed in the middle of it.</summary>
public sealed class DatasetKillTests
{
    private const int Kills = 6;

    [Promise]
    public async Task A_version_is_there_whole_or_not_at_all_and_can_be_added_again()
    {
        await using var fresh = await Fresh.SqliteAsync();
        var random = new Random(3);
        var added = new ConcurrentDictionary<string, bool>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var process = await SlipwayProcess.StartAsync(fresh);
            using var client = new WireClient(process.Address);
            await AssertWholeAsync(client, added.Keys);

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var left = random.Next(1, 6);
            var work = Task.WhenAll(Enumerable.Range(0, 3).Select(sender => Task.Run(() => SendUntilGoneAsync(client, $"{kill + 1}.{sender}", version =>
            {
                added[version] = true;
                if (Interlocked.Decrement(ref left) == 0)
                {
                    reached.SetResult();
                }
            }))));
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(120));
            await process.KillAsync();
            await work.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await using var last = await SlipwayProcess.StartAsync(fresh);
        using var calm = new WireClient(last.Address);
        await AssertWholeAsync(calm, added.Keys);
        (await calm.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();
        await AssertWholeAsync(calm, added.Keys);
        foreach (var version in (string[])[.. added.Keys, "9.9.9"])
        {
            Assert.Equal(version == "9.9.9", (await calm.TryAddAsync("killed", version, FilesOf(version))).Ok()["added"]!.GetValue<bool>());
        }
    }

    private static async Task SendUntilGoneAsync(WireClient client, string prefix, Action<string> add)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var version = string.Create(CultureInfo.InvariantCulture, $"{prefix}.{number}");
                (await client.TryAddAsync("killed", version, FilesOf(version))).Ok();
                add(version);
            }
        }
        catch (HttpRequestException)
        {
            // It is gone.
        }
    }

    private static async Task AssertWholeAsync(WireClient client, IEnumerable<string> added)
    {
        var listed = await client.GetAsync($"{Root}/killed/versions");
        var versions = listed.Status == HttpStatusCode.NotFound ? [] : listed.Ok()["versions"]!.AsArray().Select(version => version!.Text("version")!).ToList();
        Assert.Empty(added.Except(versions));
        foreach (var version in versions)
        {
            foreach (var (path, bytes) in FilesOf(version))
            {
                var (status, found, _) = await client.FetchAsync("killed", version, path);
                Assert.Equal(HttpStatusCode.OK, status);
                Samples.AssertSame(bytes, found);
            }
        }

        var entries = (await client.GetAsync("/api/slipway/v1/audit", ("action", "dataset.add"), ("max_results", "1000"))).Ok()["entries"]!.AsArray();
        Assert.Equal(versions.Select(version => $"datasets/killed@{version}").Order(StringComparer.Ordinal), entries.Select(entry => entry!.Text("resource")).Order(StringComparer.Ordinal));
    }

    private static (string Path, byte[] Bytes)[] FilesOf(string version)
    {
        var seed = version.Sum(character => character);
        return [("rows.csv", Encoding.UTF8.GetBytes($"version,number\n{string.Concat(Enumerable.Range(0, 2000).Select(row => $"{version},{row}\n"))}")), ("noise.bin", Samples.Random(seed, 400_000))];
    }
}
