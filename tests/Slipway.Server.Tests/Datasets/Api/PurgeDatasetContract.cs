using System.Net;
using Slipway.Server.Tests.Artifacts;
using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What purging a version promises, whatever the database.</summary>
public abstract class PurgeDatasetContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private static readonly byte[] Table = "id,secret\n1,marmalade\n"u8.ToArray();

    [Promise]
    public async Task The_content_is_out_of_reach_at_once_and_the_facts_stay()
    {
        await Client.AddAsync("d", "1.0.0", "d.csv", Table);
        var before = await Client.VersionAsync("d", "1.0.0");

        await PurgeAsync("1.0.0");

        foreach (var path in new[] { "/file", "/statistics" })
        {
            var gone = (await Client.GetAsync(On("d", "1.0.0") + path)).Problem();
            Assert.Equal((HttpStatusCode.Gone, "RESOURCE_DOES_NOT_EXIST"), (gone.Status, gone.Code));
            Assert.Contains("d@1.0.0 was purged (consent withdrawn)", gone.Detail, StringComparison.Ordinal);
        }

        var after = await Client.VersionAsync("d", "1.0.0");
        Assert.Equal(("consent withdrawn", null), (after.Text("purge_reason"), after["schema"]));
        Assert.NotNull(after["purged_at"]);
        foreach (var fact in new[] { "byte_digest", "table_digest", "samples", "features", "size", "files", "creator", "created_at" })
        {
            Assert.Equal(before[fact]!.ToJsonString(), after[fact]!.ToJsonString());
        }
    }

    [Promise]
    public async Task No_value_is_left_in_the_database_and_no_byte_on_disk_after_the_next_sweep()
    {
        await Client.AddAsync("d", "1.0.0", "d.csv", Table);
        await Client.AddAsync("d", "2.0.0", "d.csv", "id,secret\n2,honey\n"u8.ToArray());
        await PurgeAsync("1.0.0");
        Assert.Equal([""], await ColumnAsync($"select f.profile from dataset_files f join dataset_versions v on v.id = f.version where v.version = '1.0.0'"));

        // Within its grace, which is a day.
        (await Client.PostAsync("/api/slipway/v1/gc")).Ok();

        Assert.Empty(await ColumnAsync($"select sha256 from content_objects where sha256 = {Samples.Sha256(Table)}"));
        Assert.DoesNotContain("marmalade", await OnDiskAsync(), StringComparison.Ordinal);
        Assert.Contains("honey", await OnDiskAsync(), StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync($"select sha256 from content_erasures"));
        Samples.AssertSame("id,secret\n2,honey\n"u8.ToArray(), (await Client.FetchAsync("d", "2.0.0")).Bytes);
    }

    [Promise]
    public async Task What_was_purged_in_the_middle_of_a_pack_is_copied_away_with_the_rest_kept()
    {
        var kept = Samples.Random(1, 300_000);
        byte[] purged = [.. "the-secret-mark"u8, .. Samples.Random(2, 300_000)];
        (await Client.TryAddAsync("d", "1.0.0", [("kept.bin", kept), ("purged.bin", purged)])).Ok();
        await Client.AddAsync("other", "1.0.0", "kept.bin", kept);

        await PurgeAsync("1.0.0");
        (await Client.PostAsync("/api/slipway/v1/gc")).Ok();

        Assert.DoesNotContain("the-secret-mark", await OnDiskAsync(), StringComparison.Ordinal);
        Samples.AssertSame(kept, (await Client.FetchAsync("other", "1.0.0")).Bytes);
    }

    [Promise]
    public async Task What_others_share_stays_theirs()
    {
        var bytes = Samples.Random(3, 1 << 20);
        await Client.AddAsync("d", "1.0.0", "x.bin", bytes);
        await Client.AddAsync("d", "1.0.1", "x.bin", [.. bytes, 1]);
        await Client.AddAsync("e", "1.0.0", "x.bin", bytes);
        (await Client.SendAsync(HttpMethod.Put, $"{ArtifactServer.Proxy}/0/x.bin", new ByteArrayContent(bytes))).Ok();

        await PurgeAsync("1.0.0");
        (await Client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();

        Samples.AssertSame([.. bytes, 1], (await Client.FetchAsync("d", "1.0.1")).Bytes);
        Samples.AssertSame(bytes, (await Client.FetchAsync("e", "1.0.0")).Bytes);
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync($"{ArtifactServer.Proxy}/0/x.bin")).Status);
    }

    [Promise]
    public async Task A_purged_version_is_neither_the_latest_nor_added_again_nor_pointed_to_nor_purged_twice()
    {
        await Client.AddAsync("d", "1.0.0", "d.csv", Table);
        await Client.AddAsync("d", "2.0.0", "d.csv", "id\n2\n"u8.ToArray());
        await PurgeAsync("2.0.0");

        Assert.Equal("1.0.0", (await Client.VersionAsync("d", "latest")).Text("version"));
        Assert.Equal(HttpStatusCode.Gone, (await Client.TryPutAsync("d", "2.0.0", "d.csv", "id\n2\n"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Gone, (await Client.PutAsync($"{Root}/d/aliases/stable", new { version = "2.0.0" })).Status);
        Assert.Equal(HttpStatusCode.Gone, (await Client.PostAsync($"{On("d", "2.0.0")}/purge", new { reason = "again" })).Status);
        Assert.Equal(HttpStatusCode.Gone, (await Client.GetAsync($"{Root}/d/diff", ("a", "1.0.0"), ("b", "2.0.0"))).Status);
        Assert.Equal(["dataset.purge"], await ColumnAsync($"select action from audit where resource = 'datasets/d@2.0.0' and action = 'dataset.purge'"));
    }

    [Promise]
    public async Task It_takes_a_reason_and_the_version_itself()
    {
        await Client.AddAsync("d", "1.0.0", "d.csv", Table);

        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync($"{On("d", "1.0.0")}/purge", new { })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PostAsync($"{On("d", "latest")}/purge", new { reason = "x" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{On("d", "3.0.0")}/purge", new { reason = "x" })).Status);
        Samples.AssertSame(Table, (await Client.FetchAsync("d", "1.0.0")).Bytes);
    }

    private async Task PurgeAsync(string version) => (await Client.PostAsync($"{On("d", version)}/purge", new { reason = "consent withdrawn" })).Ok();

    private async Task<string> OnDiskAsync() =>
        string.Concat(await Task.WhenAll(Directory.GetFiles(Path.Join(Place.Folder, "artifacts", "packs")).Select(file => File.ReadAllTextAsync(file, System.Text.Encoding.Latin1))));
}

public sealed class PurgeDatasetOnSqlite() : PurgeDatasetContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class PurgeDatasetOnPostgres() : PurgeDatasetContract(Fresh.PostgresAsync);
