using Slipway.Server.Search;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>What a page token promises while runs come and go.</summary>
public abstract class RunPagingWhileWritingContract(SearchDatabase database) : IAsyncLifetime
{
    public Task InitializeAsync() => database.FillAsync(fill => fill.WriteAsync(Enumerable.Range(1, 9).SelectMany(id => new[]
    {
        Rows.Run(id, $"{id}", 1, start: 100 + (id / 3)),
        Rows.Metric(id, "acc", id / 3),
    })));

    public Task DisposeAsync() => Task.CompletedTask;

    [Promise]
    public async Task Runs_that_come_or_go_neither_repeat_nor_hide_others()
    {
        var query = new RunQuery([1], OrderBy: ["metrics.acc DESC"], MaxResults: 4);
        var first = await database.ReadAsync(reader => RunSearch.FindAsync(reader, query, CancellationToken.None));
        Assert.Equal([9L, 6L, 7L, 8L], first.Ids);

        await database.WriteAsync(
            Rows.Run(20, "20", 1, start: 500),
            Rows.Metric(20, "acc", 7),
            Rows.Run(21, "21", 1, start: 500),
            Rows.Metric(21, "acc", 1),
            $"update runs set deleted_at = 1 where id in (8, 4)",
            $"delete from latest_metrics where run = 7");

        var second = await database.ReadAsync(reader => RunSearch.FindAsync(reader, query with { PageToken = first.NextPageToken, MaxResults = 100 }, CancellationToken.None));

        // 7 has lost its metric and so moved behind; 20 is before the place and 21 after it; 8 and 4 are gone.
        Assert.Equal([21L, 3L, 5L, 1L, 2L, 7L], second.Ids);
    }
}

public sealed class RunPagingWhileWritingOnSqlite(SearchOnSqlite database) : RunPagingWhileWritingContract(database), IClassFixture<SearchOnSqlite>;

[Needs("postgres")]
public sealed class RunPagingWhileWritingOnPostgres(SearchOnPostgres database) : RunPagingWhileWritingContract(database), IClassFixture<SearchOnPostgres>;
