using Slipway.Server.Search;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>What a search for logged models promises, whatever the database.</summary>
public abstract class LoggedModelSearchContract(SearchDatabase database) : IAsyncLifetime
{
    private const string Wrong = RunCases.Wrong;

    public Task InitializeAsync() => database.FillAsync(fill => fill.WriteAsync(
        Rows.LoggedModel(1, "a", 1, created: 100, status: 2, type: "cls", run: "r1"),
        Rows.LoggedModel(2, "b", 1, created: 200, status: 1),
        Rows.LoggedModel(3, "B", 1, created: 200, status: 3),
        Rows.LoggedModel(4, "c", 1, created: 300),
        Rows.LoggedModel(5, "gone", 1, created: 400, deletedAt: 1),
        Rows.LoggedModel(6, "a", 2, created: 500),
        Rows.LoggedModelParam(1, "p", "1"),
        Rows.LoggedModelParam(2, "p", "0.1"),
        Rows.LoggedModelTag(1, "t", "x"),
        Rows.LoggedModelTag(2, "t", "\"x\""),
        Rows.LoggedModelMetric(1, "acc", 0.9, timestamp: 1, dataset: "ds", digest: "d1"),
        Rows.LoggedModelMetric(1, "acc", 0.5, timestamp: 2),
        Rows.LoggedModelMetric(2, "acc", 0.7, timestamp: 5, step: 1),
        Rows.LoggedModelMetric(2, "acc", 0.6, timestamp: 5, step: 2, dataset: "ds", digest: "d2"),
        Rows.LoggedModelMetric(2, "acc", 0.95, timestamp: 4, step: 9, dataset: "other", digest: "d1"),
        Rows.LoggedModelMetric(3, "acc", double.NaN, timestamp: 1),
        Rows.LoggedModelMetric(3, "loss", 1, timestamp: 1, dataset: "other", digest: "d9")));

    public Task DisposeAsync() => Task.CompletedTask;

    [PromiseTheory]
    [InlineData("", "D C B A")]
    [InlineData("metric.acc > 0.1", Wrong)]
    [InlineData("attribute.name = 'a'", Wrong)]
    [InlineData("param.p = '1'", Wrong)]
    [InlineData("tag.t = 'x'", Wrong)]
    [InlineData("metrics.acc < 0.6", "C A")]
    [InlineData("metrics.acc > 0.85", "B A")]
    [InlineData("metrics.acc > 0.85 and metrics.acc < 0.6", "A")]
    [InlineData("metrics.acc = 0", "C")]
    [InlineData("name IN ('a','b')", "B A")]
    [InlineData("attributes.name NOT IN ('a','b')", "D C")]
    [InlineData("name LIKE 'b'", "B")]
    [InlineData("name ilike 'b'", "C B")]
    [InlineData("name = \"a\"", "A")]
    [InlineData("name = a", "A")]
    [InlineData("name = lm", "")]
    [InlineData("name != 'a'", "D C B")]
    [InlineData("model_id = 'm-1'", "A")]
    [InlineData("model_type = 'cls'", "A")]
    [InlineData("source_run_id = 'r1'", "A")]
    [InlineData("experiment_id = '1'", "D C B A")]
    [InlineData("experiment_id = 2", "")]
    [InlineData("experiment_id IN ('1','x')", "D C B A")]
    [InlineData("status = 'READY'", "D A")]
    [InlineData("attributes.status = 'LOGGED_MODEL_READY'", "D A")]
    [InlineData("status = 2", "D A")]
    [InlineData("status != '2'", "C B")]
    [InlineData("status IN ('PENDING', 'UPLOAD_FAILED')", "C B")]
    [InlineData("status = 'nope'", "")]
    [InlineData("creation_timestamp > 100", "D C B")]
    [InlineData("creation_time <= 200", "C B A")]
    [InlineData("creation_timestamp_ms = 100", "A")]
    [InlineData("last_updated_timestamp > 205", "D")]
    [InlineData("last_updated_time = 105", "A")]
    [InlineData("last_updated_timestamp_ms = 105", "A")]
    [InlineData("params.p = '1'", "A")]
    [InlineData("params.p = 0.1", "B")]
    [InlineData("params.p LIKE '0%'", "B")]
    [InlineData("params.p IN ('1', '0.1')", "B A")]
    [InlineData("tags.t = 'x'", "A")]
    [InlineData("tags.t != 'x'", "B")]
    [InlineData("tags.t NOT IN ('x')", "B")]
    [InlineData("bogus = 'x'", Wrong)]
    [InlineData("metrics.acc = 'x'", Wrong)]
    [InlineData("metrics.acc > '0.1'", Wrong)]
    [InlineData("metrics.acc LIKE '1'", Wrong)]
    [InlineData("name > 'a'", Wrong)]
    [InlineData("tags.t IS NULL", Wrong)]
    [InlineData("creation_timestamp > '0'", Wrong)]
    [InlineData("name = 'a' OR name = 'b'", Wrong)]
    [InlineData("name IN ()", Wrong)]
    public Task A_filter_finds(string filter, string found) => FindsAsync(new LoggedModelQuery([1], filter), found);

    [PromiseTheory]
    [InlineData("", "ds", null, "B A")]
    [InlineData("", "ds", "d1", "A")]
    [InlineData("", "ds", "", "B A")]
    [InlineData("", "nope", null, "")]
    [InlineData("", "other", null, "C B")]
    [InlineData("metrics.acc > 0.8", "ds", null, "A")]
    [InlineData("metrics.acc > 0.8", "other", "d1", "B")]
    [InlineData("metrics.acc > 0", "other", null, "B")]
    [InlineData("name = 'b'", "ds", null, "B")]
    [InlineData("", "", "d1", Wrong)]
    [InlineData("", null, null, Wrong)]
    public Task Only_metrics_on_the_named_datasets_count(string filter, string? name, string? digest, string found) =>
        FindsAsync(new LoggedModelQuery([1], filter, [new DatasetName(name, digest)]), found);

    [Promise]
    public async Task One_of_several_datasets_is_enough()
    {
        await FindsAsync(new LoggedModelQuery([1], null, [new DatasetName("ds", "d1"), new DatasetName("other", "d9")]), "C A");
        await FindsAsync(new LoggedModelQuery([1], null, [.. Enumerable.Repeat(new DatasetName("ds"), 101)]), Wrong);
        await FindsAsync(new LoggedModelQuery([1], string.Join(" ", Enumerable.Repeat("metrics.acc > 0", 1000)), [.. Enumerable.Repeat(new DatasetName("ds"), 100)]), Wrong);
        await FindsAsync(new LoggedModelQuery([1], string.Join(" ", Enumerable.Repeat("metrics.acc > 0", 1000)), [new DatasetName("ds"), new DatasetName("x")]), "B A");
    }

    [PromiseTheory]
    [InlineData("name", true, "C A B D")]
    [InlineData("name", false, "D B A C")]
    [InlineData("creation_timestamp", true, "A C B D")]
    [InlineData("last_updated_time", false, "D C B A")]
    [InlineData("status", true, "B D A C")]
    [InlineData("model_id", false, "D C B A")]
    [InlineData("metrics.acc", true, "A B C D")]
    [InlineData("metrics.acc", false, "B A C D")]
    [InlineData("metrics.nope", true, "D C B A")]
    [InlineData("params.p", true, Wrong)]
    [InlineData("metrics.", true, Wrong)]
    [InlineData("bogus", true, Wrong)]
    [InlineData("", true, Wrong)]
    public async Task An_order_gives(string field, bool ascending, string found)
    {
        var query = new LoggedModelQuery([1], OrderBy: [new LoggedModelOrderItem(field, ascending)]);
        await FindsAsync(query, found);
        if (found != Wrong)
        {
            var ids = await database.AllAsync((reader, token) => LoggedModelSearch.FindAsync(reader, query with { MaxResults = 1, PageToken = token }, CancellationToken.None));
            Assert.Equal(found, string.Join(' ', ids.Select(id => (char)('A' + id - 1))));
        }
    }

    [PromiseTheory]
    [InlineData("ds", null, true, "B A D C")]
    [InlineData("ds", "d1", true, "A D C B")]
    [InlineData("other", "d1", false, "B D C A")]
    public Task An_order_by_a_metric_may_look_at_one_dataset_only(string name, string? digest, bool ascending, string found) =>
        FindsAsync(new LoggedModelQuery([1], OrderBy: [new LoggedModelOrderItem("metrics.acc", ascending, name, digest)]), found);

    [Promise]
    public async Task Only_the_named_experiments_are_searched()
    {
        await FindsAsync(new LoggedModelQuery([]), "");
        await FindsAsync(new LoggedModelQuery([2]), "F");
        await FindsAsync(new LoggedModelQuery([2, 1], "name = 'a'"), "F A");
        await FindsAsync(new LoggedModelQuery([99]), "");
    }

    [Promise]
    public async Task Pages_are_bound_to_their_query_and_their_limits()
    {
        var query = new LoggedModelQuery([1], MaxResults: 2);
        var first = await database.ReadAsync(reader => LoggedModelSearch.FindAsync(reader, query, CancellationToken.None));
        Assert.Equal([4L, 3L], first.Ids);

        await FindsAsync(query with { PageToken = first.NextPageToken }, "B A");
        await FindsAsync(query with { PageToken = first.NextPageToken, ExperimentIds = [1, 2] }, Wrong);
        await FindsAsync(query with { PageToken = first.NextPageToken, Datasets = [new DatasetName("ds")] }, Wrong);
        await FindsAsync(query with { PageToken = first.NextPageToken, OrderBy = [new LoggedModelOrderItem("name")] }, Wrong);
        await FindsAsync(query with { PageToken = "garbage" }, Wrong);
        await FindsAsync(query with { MaxResults = 0 }, Wrong);
        await FindsAsync(query with { MaxResults = 1001 }, Wrong);
        await FindsAsync(query with { OrderBy = [new LoggedModelOrderItem("metrics.\0")] }, Wrong);
        await FindsAsync(query with { Datasets = [new DatasetName("\0")] }, Wrong);
    }

    private Task FindsAsync(LoggedModelQuery query, string found) =>
        Found.ByAsync(() => database.ReadAsync(reader => LoggedModelSearch.FindAsync(reader, query, CancellationToken.None)), found);
}

public sealed class LoggedModelSearchOnSqlite(SearchOnSqlite database) : LoggedModelSearchContract(database), IClassFixture<SearchOnSqlite>;

[Needs("postgres")]
public sealed class LoggedModelSearchOnPostgres(SearchOnPostgres database) : LoggedModelSearchContract(database), IClassFixture<SearchOnPostgres>;
