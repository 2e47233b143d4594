using Slipway.Server.Search;
using Slipway.Testing;
using Slipway.Wire;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>What pages promise: together they are the whole result, in its order, each run once.</summary>
public abstract class RunPagingContract(SearchDatabase database) : IAsyncLifetime
{
    private static readonly List<SampleRun> Runs = SampleRun.Many(90, seed: 20_251);

    private static readonly RunBounds[] Bounds = [RunBounds.Usual, new(Few: 0, Sampled: 0), new(Few: 25, Sampled: 0), new(Few: 0, Sampled: 7)];

    private static readonly IReadOnlyList<(string Filter, Func<SampleRun, bool> Matches)> Filters =
    [
        ("", _ => true),
        ("tags.t = 'a'", run => run.Tag == "a"),
        ("params.p != 'a'", run => run.Param is not null and not "a"),
        ("params.p IS NULL AND tags.t IS NOT NULL", run => run.Param is null && run.Tag is not null),
        ("metrics.loss > 0", run => run.Loss > 0),
        ("metrics.loss <= 0", run => run.Loss is <= 0 or double.NaN),
        ("metrics.acc != 0.5 and metrics.loss >= -1", run => run.Accuracy is not null and not 0.5 && run.Loss is >= -1 or double.NaN),
        ("start_time > 1 and end_time < 2", run => run.Start > 1 && run.End < 2),
    ];

    public static TheoryData<string> Orders =>
    [
        "",
        "start_time",
        "start_time DESC",
        "metrics.loss",
        "metrics.loss DESC",
        "metrics.loss;metrics.acc DESC",
        "metrics.acc DESC;params.p;tags.t DESC",
        "metrics.acc;start_time",
        "params.p",
        "params.p DESC",
        "tags.t DESC;end_time DESC",
        "end_time",
        "end_time DESC;metrics.loss",
        "run_id DESC",
        "metrics.loss;run_id",
    ];

    public Task InitializeAsync() => database.FillAsync(fill => fill.WriteAsync(Runs.SelectMany(run => run.Rows())));

    public Task DisposeAsync() => Task.CompletedTask;

    [PromiseTheory]
    [MemberData(nameof(Orders))]
    public async Task The_result_is_what_the_rules_say_on_every_way_to_it(string orderBy)
    {
        foreach (var (filter, matches) in Filters)
        {
            foreach (var experiments in new long[][] { [2], [1, 3], [1, 2, 3] })
            {
                foreach (var view in Enum.GetValues<ViewType>())
                {
                    var query = Query(experiments, filter, orderBy) with { View = view };
                    var expected = Expected(query, matches);
                    foreach (var bounds in Bounds)
                    {
                        var page = await database.ReadAsync(reader => RunSearch.FindAsync(reader, query, bounds, CancellationToken.None));
                        Assert.True(expected.SequenceEqual(page.Ids), $"'{filter}' by '{orderBy}' in {string.Join(',', experiments)}, {view}, {bounds}: expected {string.Join(' ', expected)}, found {string.Join(' ', page.Ids)}");
                    }
                }
            }
        }
    }

    [PromiseTheory]
    [MemberData(nameof(Orders))]
    public async Task Pages_of_any_size_make_up_the_whole(string orderBy)
    {
        foreach (var (filter, matches) in Filters.Take(5))
        {
            var query = Query([1, 2, 3], filter, orderBy);
            var expected = Expected(query, matches);
            foreach (var size in new[] { 1, 3, 7, 90, 1000 })
            {
                foreach (var bounds in Bounds.Take(2))
                {
                    var found = await database.AllAsync((reader, token) => RunSearch.FindAsync(reader, query with { MaxResults = size, PageToken = token }, bounds, CancellationToken.None));
                    Assert.Equal(expected, found);
                }
            }
        }
    }

    [PromiseTheory]
    [MemberData(nameof(Orders))]
    public async Task A_token_goes_on_along_another_way_as_well(string orderBy)
    {
        var query = Query([1, 2, 3], "", orderBy) with { MaxResults = 4 };
        var turn = 0;
        var found = await database.AllAsync((reader, token) => RunSearch.FindAsync(reader, query with { PageToken = token }, Bounds[turn++ % Bounds.Length], CancellationToken.None));

        Assert.Equal(Expected(query, _ => true), found);
    }

    private static RunQuery Query(IReadOnlyList<long> experiments, string filter, string orderBy) =>
        new(experiments, filter, orderBy.Split(';', StringSplitOptions.RemoveEmptyEntries));

    private static List<long> Expected(RunQuery query, Func<SampleRun, bool> matches)
    {
        var items = query.OrderBy!.Concat(query.OrderBy!.Any(item => item.StartsWith("start_time", StringComparison.Ordinal)) ? ["run_id"] : ["start_time DESC", "run_id"]).ToList();
        var runs = Runs.Where(run => query.ExperimentIds.Contains(run.Experiment) && matches(run)).Where(run => query.View == ViewType.All || run.IsDeleted == (query.View == ViewType.DeletedOnly)).ToList();
        runs.Sort((left, right) => items.Select(item => SampleRun.Compare(left, right, item)).FirstOrDefault(order => order != 0));
        return [.. runs.Select(run => run.Id)];
    }
}

public sealed class RunPagingOnSqlite(SearchOnSqlite database) : RunPagingContract(database), IClassFixture<SearchOnSqlite>;

[Needs("postgres")]
public sealed class RunPagingOnPostgres(SearchOnPostgres database) : RunPagingContract(database), IClassFixture<SearchOnPostgres>;
