using System.Net;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.OnSqlite;

/// <summary>That what was acknowledged is on disk, and that a data folder has one master.</summary>
public sealed class DurabilityTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Promise]
    [Needs("strace")]
    public async Task Every_acknowledged_write_was_synced_between_its_request_and_its_answer()
    {
        await using var fresh = await Fresh.SqliteAsync();
        var trace = Path.Join(fresh.Folder, "trace");
        await using var process = LeashedProcess.Start(new Leash(
        [
            Programs.Find("strace")!, "-D", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace, .. SlipwayProcess.Serve(fresh),
        ]));
        using var client = new WireClient(await AddressAsync(process));
        (await client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        var run = (await client.PostAsync("runs/create", new { experiment_id = "0" })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();

        foreach (var (path, body) in new (string, object)[]
        {
            ("model-versions/create", new { name = "iris", source = "s3://bucket/iris" }),
            ("model-versions/transition-stage", new { name = "iris", version = "1", stage = "Production" }),
            ("registered-models/set-tag", new { name = "iris", key = "team", value = "a" }),
            ("runs/create", new { experiment_id = "0" }),
            ("runs/log-metric", new { run_id = run, key = "loss", value = 0.5, timestamp = 1 }),
            ("runs/log-batch", new { run_id = run, @params = new[] { new { key = "depth", value = "3" } } }),
            ("runs/set-tag", new { run_id = run, key = "note", value = "a" }),
        })
        {
            var before = Syncs(trace);
            (await client.PostAsync(path, body)).Ok();
            Assert.True(Syncs(trace) > before, $"{path} was acknowledged without a sync.");
        }

        var reads = Syncs(trace);
        (await client.GetAsync("runs/get", ("run_id", run))).Ok();
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("runs/log-metric", new { run_id = run, key = "loss" })).Status);
        Assert.Equal(reads, Syncs(trace));
    }

    [Promise]
    public async Task A_second_process_on_the_same_folder_is_refused_in_a_clear_sentence()
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var first = await SlipwayProcess.StartAsync(fresh);

        await using var second = LeashedProcess.Start(new Leash(SlipwayProcess.Serve(fresh)));
        var code = await second.WaitForExitAsync(_patience);

        Assert.Equal(1, code);
        var sentence = Assert.Single(second.Errors);
        Assert.Contains($"The folder {fresh.Folder} is in use by another Slipway (process {first.Pid})", sentence, StringComparison.Ordinal);
        Assert.Empty(second.Output);
        using var client = new WireClient(first.Address);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health")).Status);
    }

    [Promise]
    public async Task A_folder_is_free_again_however_its_process_ended()
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using (var killed = await SlipwayProcess.StartAsync(fresh))
        {
            using var client = new WireClient(killed.Address);
            (await client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
            await killed.KillAsync();
        }

        await using (var stopped = await SlipwayProcess.StartAsync(fresh))
        {
            using var client = new WireClient(stopped.Address);
            (await client.GetAsync("registered-models/get", ("name", "iris"))).Ok();
            Assert.Equal(0, await stopped.StopAsync());
        }

        await using var database = await OpenStore.OpenAsync(fresh);
        Assert.Null((await AuditVerification.VerifyAsync(database, CancellationToken.None)).Problem);
    }

    private static async Task<Uri> AddressAsync(LeashedProcess process) =>
        SlipwayProcess.FindAddress(await process.WaitForLineAsync(line => SlipwayProcess.FindAddress(line) is not null, _patience))!;

    // strace writes the line of a call before the call returns.
    private static int Syncs(string trace)
    {
        using var reader = new StreamReader(new FileStream(trace, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n').Count(line => line.Contains("slipway.db", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal));
    }
}
