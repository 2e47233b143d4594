using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Finds runs.</summary>
internal static class RunSearch
{
    /// <summary>So many runs are filtered and sorted in a few milliseconds, whatever the query.</summary>
    private const int Few = 4000;

    /// <summary>Counting is cheap, but not free.</summary>
    private const int MaxCounted = 8;

    private static readonly PageSize Size = new(WhenAbsent: 1000, Most: 50_000);

    /// <summary>One page of the runs that match, in order.</summary>
    /// <exception cref="Fault">The query is wrong, or its page token belongs to another.</exception>
    public static Task<Page> FindAsync(Reader reader, RunQuery query, CancellationToken cancellationToken) =>
        FindAsync(reader, query, Few, cancellationToken);

    /// <summary>The same with another bound for sets that are sorted; the answer never depends on it.</summary>
    internal static async Task<Page> FindAsync(Reader reader, RunQuery query, int few, CancellationToken cancellationToken)
    {
        var size = Size.Of(query.MaxResults);
        var experiments = ExperimentSet.Of(query.ExperimentIds);
        var selection = new RunSelection(experiments, query.View, RunVocabulary.Words.ReadFilter(query.Filter), RunOrder.Read(query.OrderBy), reader.Dialect);
        var fingerprint = Fingerprint.Of(["runs", query.Filter ?? "", Fingerprint.Of(experiments.Order()), query.View.ToString(), .. query.OrderBy ?? []]);
        var after = PageToken.Decode(query.PageToken, fingerprint, selection.Order.Types);
        if (experiments.Count == 0)
        {
            return Page.Empty;
        }

        var pages = new PageReader(reader, fingerprint, size);
        return await ChooseAsync(reader, selection, few, cancellationToken) is { } source
            ? await pages.ReadAsync(selection.Along(source), after, cancellationToken)
            : await pages.ReadAsync(selection.AlongMetric(), after is null ? 0 : RankOf(after), after, cancellationToken);
    }

    /// <summary>Chooses where to start: SQLite has no statistics, so small sets are found by counting up to a bound. Null is along the first key's metric.</summary>
    private static async Task<RunSource?> ChooseAsync(Reader reader, RunSelection selection, int few, CancellationToken cancellationToken)
    {
        var (experiments, clauses, order) = (selection.Experiments, selection.Clauses, selection.Order);
        if (clauses.Any(clause => clause is { Subject: Subject.Attribute, Name: RunVocabulary.RunId, Condition: TextCondition { Comparator: Comparator.Equal or Comparator.In } }))
        {
            return RunSource.Named(experiments, reader.Dialect);
        }

        var candidates = clauses.Select(clause => RunSource.Meeting(clause, experiments, reader.Dialect)).OfType<RunSource>().Take(MaxCounted);

        // The newest of one experiment are never dearer than all of it.
        if (!order.IsByStart || experiments.Count > 1)
        {
            candidates = candidates.Prepend(RunSource.OfExperiments(experiments));
        }

        return await SmallestAsync(reader, candidates, few, cancellationToken)
            ?? (order.IsByStart ? RunSource.Newest(experiments, reader.Dialect) : order.IsByMetric ? null : RunSource.OfExperiments(experiments));
    }

    private static async Task<RunSource?> SmallestAsync(Reader reader, IEnumerable<RunSource> candidates, int few, CancellationToken cancellationToken)
    {
        var (smallest, least) = (default(RunSource), few + 1L);
        foreach (var candidate in candidates)
        {
            var count = await reader.FindAsync(candidate.Count(least), row => row.GetInt64(0), cancellationToken);
            if (count < least)
            {
                (smallest, least) = (candidate, count);
            }
        }

        return smallest;
    }

    private static int RankOf(IReadOnlyList<object> after) =>
        after[0] is >= 0L and <= 2L ? (int)(long)after[0] : throw Fault.Invalid("Invalid page token: there is no such place in the order.");
}
