using System.Net;
using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What becomes of a version that is being sent, as time passes; whatever the database.</summary>
public abstract class DraftContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private readonly ManualTime _time = new();

    protected override TimeProvider? Clock => _time;

    [Promise]
    public async Task A_draft_is_forgotten_a_day_after_its_last_file_and_so_is_what_it_held()
    {
        var old = await BeginAsync("1.0.0", Samples.Random(1, 100_000));
        _time.Advance(TimeSpan.FromHours(13));
        var young = await BeginAsync("2.0.0", Samples.Random(2, 100_000));
        _time.Advance(TimeSpan.FromHours(13));

        (await Client.PostAsync("/api/slipway/v1/gc")).Ok();
        _time.Advance(TimeSpan.FromHours(1));
        (await Client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();

        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Root}/d/versions", new { version = "1.0.0", draft = old })).Status);
        (await Client.PostAsync($"{Root}/d/versions", new { version = "2.0.0", draft = young })).Ok();
        Assert.Equal([Samples.Sha256(Samples.Random(2, 100_000))], await ColumnAsync($"select sha256 from content_objects"));
        Assert.Empty(await ColumnAsync($"select path from dataset_draft_files"));
    }

    [Promise]
    public async Task A_file_that_is_sent_again_replaces_the_one_of_its_path()
    {
        var draft = await BeginAsync("1.0.0", [1]);

        (await SendAsync(draft, [2])).Ok();

        Assert.Equal(1, (await Client.PostAsync($"{Root}/d/versions", new { version = "1.0.0", draft })).Ok()["version"]!.Number("files"));
        Samples.AssertSame([2], (await Client.FetchAsync("d", "1.0.0")).Bytes);
    }

    private async Task<string> BeginAsync(string version, byte[] bytes)
    {
        var draft = (await Client.PostAsync($"{Root}/d/drafts", new { version })).Ok().Text("id")!;
        (await SendAsync(draft, bytes)).Ok();
        return draft;
    }

    private Task<WireReply> SendAsync(string draft, byte[] bytes) => Client.SendAsync(HttpMethod.Put, $"{Root}/d/drafts/{draft}/file?path=x.bin", new ByteArrayContent(bytes));
}

public sealed class DraftOnSqlite() : DraftContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class DraftOnPostgres() : DraftContract(Fresh.PostgresAsync);
