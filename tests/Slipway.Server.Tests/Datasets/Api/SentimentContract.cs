using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>A well-known lesson on versions of data, with the very frames and hashes that it shows, through the server.</summary>
public abstract class SentimentContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task The_lesson_s_two_versions_have_its_hashes_and_what_changed_between_them_is_told()
    {
        await AddAsync("1.0.0", "Initial training dataset, 10k samples");
        await AddAsync("2.0.0", "Expanded training dataset, 15k samples with more diversity");

        await AssertIsAsync("1.0.0", ("7ff26349e3956ed8", "ed8f9dde7fc958be1f2ac84e5f49f367329708bc38a66346c06c38984e0c79fe"), 10_000, "Initial training dataset, 10k samples");
        await AssertIsAsync("2.0.0", ("f857ec7011590a4d", "ae109e6713d93b1193cd416a9b1ff949ee2a34c008b0250cf8d08fec039ec0ef"), 15_000, "Expanded training dataset, 15k samples with more diversity");
        Assert.Equal("2.0.0", (await Client.VersionAsync("sentiment-train", "latest")).Text("version"));

        var diff = (await Client.GetAsync($"{Root}/sentiment-train/diff", ("a", "1.0.0"), ("b", "2.0.0"))).Ok();
        var table = diff["table"]!;
        Assert.Empty(table["schema"]!.AsArray());
        Assert.Equal((15_000, 10_000, 0), (table["rows"]!.Number("added"), table["rows"]!.Number("removed"), table["rows"]!.Number("unchanged")));

        // Both were drawn from the same distributions: every row is another one, and no column has moved.
        Assert.Equal(5, table["columns"]!.AsArray().Count);
        Assert.All(table["columns"]!.AsArray(), column => Assert.InRange(column!["stability_index"]!.GetValue<double>(), 0, 0.01));
    }

    private async Task AddAsync(string version, string description)
    {
        var added = await Client.TryAddAsync("sentiment-train", version, [("train.csv", await File.ReadAllBytesAsync(SentimentFiles.Path(version)))], new { description });
        Assert.True(added.Ok()["added"]!.GetValue<bool>());
    }

    private async Task AssertIsAsync(string version, (string Short, string Table) hash, long samples, string description)
    {
        var shown = await Client.VersionAsync("sentiment-train", version);
        Assert.Equal((hash.Short, hash.Table, samples, 5, description), (shown.Text("short_hash"), shown.Text("table_digest"), shown.Number("samples"), shown.Number("features"), shown.Text("description")));
        Assert.Equal(["text_length integer", "word_count integer", "sentiment_score float", "has_emoji integer", "label text"], shown["schema"]!.AsArray().Select(column => $"{column!.Text("name")} {column!.Text("type")}"));
    }
}

public sealed class SentimentOnSqlite() : SentimentContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class SentimentOnPostgres() : SentimentContract(Fresh.PostgresAsync);
