using Slipway.Server.Search.Grammar;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Chooses how to come by the runs of a search.</summary>
/// <remarks>
/// SQLite keeps no statistics, so this looks: it counts, up to a bound, what the query names, and samples the index that has the wanted order.
/// PostgreSQL is told the same way, for its estimates know nothing of single keys.
/// </remarks>
internal sealed class RunPlanner(Reader reader, RunSelection selection, RunBounds bounds)
{
    /// <summary>Counting is cheap, but not free.</summary>
    private const int MaxCounted = 8;

    /// <summary>A step along a metric's index leads to a run anywhere; sorting reads runs side by side.</summary>
    private const double DearerByMetric = 2;

    /// <summary>A step that ends at the first clause it fails costs less than a run that is sorted.</summary>
    private const double CheaperThanNamed = 0.6;

    /// <summary>So few are sorted before a sample would have been taken.</summary>
    private const int AlwaysSorted = 500;

    /// <summary>Beyond this any walk is better than sorting as many runs.</summary>
    private const long MaxSteps = 500_000;

    /// <summary>The runs to filter and sort, or to walk through; null means along the index of the first key's metric.</summary>
    public async Task<RunSource?> ChooseAsync(int size, CancellationToken cancellationToken)
    {
        var (experiments, clauses, order) = (selection.Experiments, selection.Clauses, selection.Order);
        if (clauses.Any(IsByRunId))
        {
            return RunSource.Named(experiments, reader.Dialect);
        }

        var all = RunSource.OfExperiments(experiments);
        var named = clauses.Select(clause => RunSource.Meeting(clause, experiments, reader.Dialect)).OfType<RunSource>().Take(MaxCounted);

        // The newest of one experiment are never dearer than all of it.
        var isInside = order.IsByStart && experiments.Count == 1;
        var (smallest, count) = await SmallestAsync(isInside ? named : named.Prepend(all), cancellationToken);
        var isOrdered = order.IsByStart || order.IsByMetric;
        if (smallest is not null && (count <= AlwaysSorted || !isOrdered))
        {
            return smallest;
        }

        if (!isOrdered)
        {
            return all;
        }

        var isWalked = (smallest is null && isInside) || !await IsFarAsync(size, smallest ?? all, cancellationToken);
        return !isWalked ? smallest ?? all : order.IsByStart ? RunSource.Newest(experiments, reader.Dialect) : null;
    }

    private static bool IsByRunId(Clause clause) => clause
        is { Subject: Subject.Attribute, Name: RunVocabulary.RunId, Condition: TextCondition { Comparator: Comparator.Equal or Comparator.In } };

    private async Task<(RunSource? Source, long Count)> SmallestAsync(IEnumerable<RunSource> candidates, CancellationToken cancellationToken)
    {
        var (smallest, least) = (default(RunSource), bounds.Few + 1);
        foreach (var candidate in candidates)
        {
            var count = await CountAsync(candidate, least, cancellationToken);
            if (count < least)
            {
                (smallest, least) = (candidate, count);
            }
        }

        return (smallest, least);
    }

    /// <summary>Whether a walk along the order's index would go so far before it fills a page that sorting these runs instead is cheaper.</summary>
    private async Task<bool> IsFarAsync(int size, RunSource instead, CancellationToken cancellationToken)
    {
        if (bounds.Sampled == 0)
        {
            return instead.Met is not null;
        }

        var (entries, matching) = await reader.FindAsync(selection.Sample(bounds.Sampled), row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken);
        if (entries < bounds.Sampled)
        {
            // The index ends here, and what follows it goes by start time.
            return false;
        }

        // Runs that an index names lie anywhere too, and all of them are looked at and sorted.
        var dearer = instead.Met is not null ? CheaperThanNamed : selection.Order.IsByMetric ? DearerByMetric : 1;
        var limit = (long)Math.Min(size * entries / Math.Max(matching, 0.5) * dearer, MaxSteps);
        return await CountAsync(instead, limit, cancellationToken) < limit;
    }

    private Task<long> CountAsync(RunSource source, long limit, CancellationToken cancellationToken) =>
        reader.FindAsync(source.Count(limit), row => row.GetInt64(0), cancellationToken);
}
