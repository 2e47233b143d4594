using Slipway.Server.Search;
using Slipway.Server.Search.Paging;
using Slipway.Store;
using Slipway.Testing;
using Slipway.Wire;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>What a search for runs promises, whatever the database and along whichever index it goes.</summary>
public abstract class RunSearchContract(SearchDatabase database) : IAsyncLifetime
{
    private static readonly long[] Everywhere = [1, 2];

    /// <summary>Sorts all; sorts none; sorts none but after a look.</summary>
    private static readonly RunBounds[] Bounds = [RunBounds.Usual, new(Few: 0, Sampled: 0), new(Few: 0, Sampled: 2)];

    public static TheoryData<string, string> Filters => Data(RunCases.Specified.Concat(RunCases.Derived));

    public static TheoryData<string, string> Orders => Data(RunCases.Orders);

    public Task InitializeAsync() => database.FillAsync(FillAsync);

    public Task DisposeAsync() => Task.CompletedTask;

    [PromiseTheory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_finds(string filter, string found)
    {
        filter = filter.Replace("<A>", IdOf("A"), StringComparison.Ordinal).Replace("<B>", IdOf("B"), StringComparison.Ordinal)
            .Replace("<A in upper case>", IdOf("A").ToUpperInvariant(), StringComparison.Ordinal);

        await FindsAsync(new RunQuery([1], filter), found);
        await FindsAsync(new RunQuery(Everywhere, filter), found);
        await FindsAsync(new RunQuery([1], filter, ["metrics.acc"]), found, ordered: false);
    }

    [PromiseTheory]
    [MemberData(nameof(Orders))]
    public async Task An_order_gives(string orderBy, string found)
    {
        await FindsAsync(new RunQuery([1], OrderBy: orderBy.Split(';')), found);
        await FindsAsync(new RunQuery(Everywhere, OrderBy: orderBy.Split(';')), found);
    }

    [Promise]
    public async Task Deleted_runs_are_seen_by_the_views_that_mean_them()
    {
        await FindsAsync(new RunQuery([3], View: ViewType.ActiveOnly), "F");
        await FindsAsync(new RunQuery([3], View: ViewType.DeletedOnly), "G");
        await FindsAsync(new RunQuery([3], View: ViewType.All), "G F");
        await FindsAsync(new RunQuery([3], OrderBy: ["metrics.acc"], View: ViewType.All), "F G");
        await FindsAsync(new RunQuery([1, 3], View: ViewType.DeletedOnly), "G");
    }

    [Promise]
    public async Task Only_the_named_experiments_are_searched()
    {
        await FindsAsync(new RunQuery([]), "");
        await FindsAsync(new RunQuery([], "tags.team = 'red'"), "");
        await FindsAsync(new RunQuery([99]), "");
        await FindsAsync(new RunQuery([2], "tags.team = 'red'"), "");
        await FindsAsync(new RunQuery([3, 1, 1], "tags.team = 'red'"), "A F");
        await FindsAsync(new RunQuery([3], $"run_id = '{IdOf("A")}'"), "");
    }

    [Promise]
    public async Task Long_values_are_compared_whole()
    {
        var (same, other) = (new string('é', 70) + "1", new string('é', 70) + "2");

        await FindsAsync(new RunQuery([4], $"tags.long = '{same}'"), "H");
        await FindsAsync(new RunQuery([4], $"tags.long = '{other}'"), "I");
        await FindsAsync(new RunQuery([4], $"tags.long = '{new string('é', 64)}'"), "");
    }

    [Promise]
    public async Task The_largest_filters_are_answered()
    {
        var clauses = string.Join(" and ", Enumerable.Range(0, 250).Select(i => $"metrics.acc > {-i} tags.team != 'x{i}' params.lr LIKE '%' dataset.name = 'iris'"));
        var list = string.Join(",", Enumerable.Range(0, 4095).Select(i => $"'{i}'").Append($"'{IdOf("A")}'"));

        await FindsAsync(new RunQuery([1], clauses), "A");
        await FindsAsync(new RunQuery([1], $"run_id IN ({list})"), "A");
        await FindsAsync(new RunQuery([.. Enumerable.Range(1, 20_000).Select(id => (long)id)], "tags.team = 'red'"), "A F");
        await FindsAsync(new RunQuery([1], OrderBy: [.. Enumerable.Range(0, 30).Select(i => $"metrics.m{i}")]), "D B C A");
    }

    [Promise]
    public async Task What_is_too_large_is_refused()
    {
        await FindsAsync(new RunQuery([1], string.Join(" ", Enumerable.Repeat("metrics.acc>0", 1001))), RunCases.Wrong);
        await FindsAsync(new RunQuery([1], $"tags.a = '{new string('x', 65_536)}'"), RunCases.Wrong);
        await FindsAsync(new RunQuery([1], $"run_id IN ({string.Join(",", Enumerable.Repeat("''", 4097))})"), RunCases.Wrong);
        await FindsAsync(new RunQuery([.. Enumerable.Range(1, 100_001).Select(id => (long)id)]), RunCases.Wrong);
        await FindsAsync(new RunQuery([1], OrderBy: [.. Enumerable.Range(0, 31).Select(i => $"metrics.m{i}")]), RunCases.Wrong);
    }

    [Promise]
    public async Task What_a_database_cannot_hold_is_refused()
    {
        foreach (var filter in new[] { "tags.a = '\0'", "tags.`\0` = 'a'", "tags.a LIKE '\ud800%'", "tags.a = '\udc00\ud800'" })
        {
            await FindsAsync(new RunQuery([1], filter), RunCases.Wrong);
        }

        await FindsAsync(new RunQuery([1], OrderBy: ["metrics.`\0`"]), RunCases.Wrong);
    }

    [PromiseTheory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(50_001)]
    public Task The_page_size_has_limits(long size) => FindsAsync(new RunQuery([1], MaxResults: size), RunCases.Wrong);

    [Promise]
    public async Task A_token_goes_on_where_the_page_ended_and_only_in_its_own_query()
    {
        var query = new RunQuery([1], "metrics.acc > -1", ["metrics.acc"], MaxResults: 1);
        var first = await FindAsync(query);
        Assert.Equal([1L], first.Ids);

        var second = await FindAsync(query with { PageToken = first.NextPageToken, MaxResults = 5 });
        Assert.Equal([2L, 3L], second.Ids);
        Assert.Null(second.NextPageToken);
        Assert.Equal([1L, 2L], (await FindAsync(query with { PageToken = "", MaxResults = 2 })).Ids);

        foreach (var other in new[]
        {
            query with { Filter = "metrics.acc > -2" },
            query with { OrderBy = ["metrics.acc DESC"] },
            query with { OrderBy = null },
            query with { View = ViewType.All },
            query with { ExperimentIds = [1, 2] },
        })
        {
            await FindsAsync(other with { PageToken = first.NextPageToken }, RunCases.Wrong);
        }
    }

    [Promise]
    public async Task A_page_that_ends_with_the_last_row_has_no_token()
    {
        Assert.Null((await FindAsync(new RunQuery([1], MaxResults: 4))).NextPageToken);
        Assert.NotNull((await FindAsync(new RunQuery([1], MaxResults: 3))).NextPageToken);
    }

    private static TheoryData<string, string> Data(IEnumerable<(string, string)> cases)
    {
        var data = new TheoryData<string, string>();
        foreach (var (text, found) in cases)
        {
            data.Add(text, found);
        }

        return data;
    }

    private static string IdOf(string letter) => new(char.ToLowerInvariant(letter[0]), 32);

    private static Task FillAsync(SearchDatabase database)
    {
        var statements = new List<Sql>
        {
            Rows.Run(1, IdOf("A"), 1, 100, 110, "FINISHED"),
            Rows.Run(2, IdOf("B"), 1, 200, 210, "FAILED"),
            Rows.Run(3, IdOf("C"), 1, 200),
            Rows.Run(4, IdOf("D"), 1, 300),
            Rows.Run(6, IdOf("F"), 3, 10),
            Rows.Run(7, IdOf("G"), 3, 20, deletedAt: 5),
            Rows.Run(8, IdOf("H"), 4, 10),
            Rows.Run(9, IdOf("I"), 4, 20),
            Rows.Tag(1, "team", "red"),
            Rows.Tag(1, "a b", "sp"),
            Rows.Tag(1, "a.b", "dot"),
            Rows.Tag(2, "team", "Blue"),
            Rows.Tag(4, "team", "it's"),
            Rows.Tag(6, "team", "red"),
            Rows.Tag(8, "long", new string('é', 70) + "1"),
            Rows.Tag(9, "long", new string('é', 70) + "2"),
            Rows.Param(1, "lr", "0.1"),
            Rows.Param(1, "opt", "Adam"),
            Rows.Param(2, "lr", "0.01"),
            Rows.Param(3, "opt", "adam"),
            Rows.Metric(1, "acc", 0.5),
            Rows.Metric(1, "loss", 2),
            Rows.Metric(1, "m/x", 1),
            Rows.Metric(2, "acc", 0.9),
            Rows.Metric(3, "acc", double.NaN),
            Rows.Metric(6, "acc", 0.1),
        };
        statements.AddRange("ABCD".Select((letter, index) => Rows.Tag(index + 1, "mlflow.runName", letter.ToString())));
        statements.AddRange(Rows.Dataset(1, 1, "iris", "d1", "train"));
        statements.AddRange(Rows.Dataset(2, 3, "Wine", "D2", "eval"));
        return database.WriteAsync(statements);
    }

    private Task<Page> FindAsync(RunQuery query) => database.ReadAsync(reader => RunSearch.FindAsync(reader, query, CancellationToken.None));

    private async Task FindsAsync(RunQuery query, string found, bool ordered = true)
    {
        foreach (var bounds in Bounds)
        {
            if (found == RunCases.Wrong)
            {
                var fault = await Assert.ThrowsAsync<Fault>(() => database.ReadAsync(reader => RunSearch.FindAsync(reader, query, bounds, CancellationToken.None)));
                Assert.Equal(FaultKind.Invalid, fault.Kind);
                continue;
            }

            var page = await database.ReadAsync(reader => RunSearch.FindAsync(reader, query, bounds, CancellationToken.None));
            var letters = page.Ids.Select(id => ((char)('A' + id - 1)).ToString());
            var expected = found.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(ordered ? expected : expected.Order(), ordered ? letters : letters.Order());
        }
    }
}

public sealed class RunSearchOnSqlite(SearchOnSqlite database) : RunSearchContract(database), IClassFixture<SearchOnSqlite>;

[Needs("postgres")]
public sealed class RunSearchOnPostgres(SearchOnPostgres database) : RunSearchContract(database), IClassFixture<SearchOnPostgres>;
