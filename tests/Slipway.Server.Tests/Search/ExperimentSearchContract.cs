using Slipway.Server.Search;
using Slipway.Testing;
using Slipway.Wire;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>What a search for experiments promises, whatever the database.</summary>
public abstract class ExperimentSearchContract(SearchDatabase database) : IAsyncLifetime
{
    private const string Wrong = RunCases.Wrong;

    public Task InitializeAsync() => database.FillAsync(fill => fill.WriteAsync(
        Rows.Experiment(1, "xray", 100, 900),
        Rows.Experiment(2, "Xenon", 200, 800),
        Rows.Experiment(3, "yak", 200, 700),
        Rows.Experiment(4, "gone", 400, 600, deletedAt: 5),
        Rows.Experiment(5, "x'; drop", 50, 900),
        Rows.ExperimentTag(1, "a", "1"),
        Rows.ExperimentTag(2, "a", "2"),
        Rows.ExperimentTag(2, "k.dot", "V"),
        Rows.ExperimentTag(3, "empty", "")));

    public Task DisposeAsync() => Task.CompletedTask;

    [PromiseTheory]
    [InlineData("", "B C A E")]
    [InlineData("attributes.name = 'xray'", Wrong)]
    [InlineData("attribute.name = 'xray'", "A")]
    [InlineData("`name` = 'xray'", "A")]
    [InlineData("name ILIKE 'x%'", "B A E")]
    [InlineData("name LIKE 'x%'", "A E")]
    [InlineData("name like 'X%'", "B")]
    [InlineData("name != 'xray'", "B C E")]
    [InlineData("name = \"x'; drop\"", "E")]
    [InlineData("tags.a != '1'", "B")]
    [InlineData("tag.a = '1'", "A")]
    [InlineData("tags.`k.dot` ILIKE 'v'", "B")]
    [InlineData("tags.k.dot LIKE 'v'", "")]
    [InlineData("tags.empty = ''", "C")]
    [InlineData("tags.a IS NULL AND name LIKE '%'", "C E")]
    [InlineData("tags.a is not null", "B A")]
    [InlineData("creation_time > 100", "B C")]
    [InlineData("attribute.creation_time >= 100 and last_update_time < 900", "B C")]
    [InlineData("name = 'gone'", "")]
    [InlineData("name IS NULL", Wrong)]
    [InlineData("creation_time > '0'", Wrong)]
    [InlineData("creation_time LIKE 'x'", Wrong)]
    [InlineData("tags.a = 1", Wrong)]
    [InlineData("tags.a IN ('1')", Wrong)]
    [InlineData("tags.a > '1'", Wrong)]
    [InlineData("experiment_id = '1'", Wrong)]
    [InlineData("lifecycle_stage = 'active'", Wrong)]
    [InlineData("name IN ('xray')", Wrong)]
    [InlineData("name > 'a'", Wrong)]
    [InlineData("name = xray", Wrong)]
    [InlineData("name =", Wrong)]
    [InlineData("tags.a", Wrong)]
    [InlineData("metrics.x > 1", Wrong)]
    [InlineData("name = 'a' OR name = 'b'", Wrong)]
    [InlineData("  ", Wrong)]
    public Task A_filter_finds(string filter, string found) => FindsAsync(new ExperimentQuery(filter), found);

    [PromiseTheory]
    [InlineData("name", "B E A C")]
    [InlineData("name DESC", "C A E B")]
    [InlineData("attribute.name desc", "C A E B")]
    [InlineData("experiment_id", "A B C E")]
    [InlineData("experiment_id DESC", "E C B A")]
    [InlineData("creation_time", "E A C B")]
    [InlineData("creation_time DESC", "C B A E")]
    [InlineData("last_update_time DESC", "E A B C")]
    [InlineData("last_update_time DESC;name", "E A B C")]
    [InlineData("creation_time DESC;name", "B C A E")]
    [InlineData("creation_time;creation_time DESC", "E A C B")]
    [InlineData("tags.a", Wrong)]
    [InlineData("bogus", Wrong)]
    [InlineData("attributes.name", Wrong)]
    [InlineData("name DES", Wrong)]
    [InlineData("", Wrong)]
    public async Task An_order_gives(string orderBy, string found)
    {
        await FindsAsync(new ExperimentQuery(OrderBy: orderBy.Split(';')), found);
        if (found != Wrong)
        {
            var query = new ExperimentQuery(OrderBy: orderBy.Split(';'), MaxResults: 1);
            var ids = await database.AllAsync((reader, token) => ExperimentSearch.FindAsync(reader, query with { PageToken = token }, CancellationToken.None));
            Assert.Equal(found, string.Join(' ', ids.Select(id => (char)('A' + id - 1))));
        }
    }

    [Promise]
    public async Task Deleted_experiments_are_seen_by_the_views_that_mean_them()
    {
        await FindsAsync(new ExperimentQuery(View: ViewType.DeletedOnly), "D");
        await FindsAsync(new ExperimentQuery(View: ViewType.All), "D B C A E");
    }

    [Promise]
    public async Task Pages_are_bound_to_their_query_and_their_limits()
    {
        var first = await database.ReadAsync(reader => ExperimentSearch.FindAsync(reader, new ExperimentQuery(MaxResults: 2), CancellationToken.None));
        Assert.Equal([2L, 3L], first.Ids);

        await FindsAsync(new ExperimentQuery(PageToken: first.NextPageToken), "A E");
        await FindsAsync(new ExperimentQuery("name LIKE '%'", PageToken: first.NextPageToken), Wrong);
        await FindsAsync(new ExperimentQuery(View: ViewType.All, PageToken: first.NextPageToken), Wrong);
        await FindsAsync(new ExperimentQuery(PageToken: "bm90IGpzb24="), Wrong);
        await FindsAsync(new ExperimentQuery(MaxResults: 0), Wrong);
        await FindsAsync(new ExperimentQuery(MaxResults: 50_001), Wrong);
    }

    private Task FindsAsync(ExperimentQuery query, string found) =>
        Found.ByAsync(() => database.ReadAsync(reader => ExperimentSearch.FindAsync(reader, query, CancellationToken.None)), found);
}

public sealed class ExperimentSearchOnSqlite(SearchOnSqlite database) : ExperimentSearchContract(database), IClassFixture<SearchOnSqlite>;

[Needs("postgres")]
public sealed class ExperimentSearchOnPostgres(SearchOnPostgres database) : ExperimentSearchContract(database), IClassFixture<SearchOnPostgres>;
