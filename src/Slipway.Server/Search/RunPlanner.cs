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
    private const int DearerByMetric = 2;

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
        var smallest = await SmallestAsync(isInside ? named : named.Prepend(all), cancellationToken);
        if (smallest is not null || isInside)
        {
            return smallest ?? RunSource.Newest(experiments, reader.Dialect);
        }

        if (!order.IsByStart && !order.IsByMetric)
        {
            return all;
        }

        return await IsFarAsync(size, cancellationToken) ? all : order.IsByStart ? RunSource.Newest(experiments, reader.Dialect) : null;
    }

    private static bool IsByRunId(Clause clause) => clause
        is { Subject: Subject.Attribute, Name: RunVocabulary.RunId, Condition: TextCondition { Comparator: Comparator.Equal or Comparator.In } };

    private async Task<RunSource?> SmallestAsync(IEnumerable<RunSource> candidates, CancellationToken cancellationToken)
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

        return smallest;
    }

    /// <summary>Whether a walk along the order's index would go so far before it fills a page that sorting everything is cheaper.</summary>
    private async Task<bool> IsFarAsync(int size, CancellationToken cancellationToken)
    {
        if (bounds.Sampled == 0)
        {
            return false;
        }

        var (entries, matching) = await reader.FindAsync(selection.Sample(bounds.Sampled), row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken);
        if (entries < bounds.Sampled)
        {
            // The index ends here, and what follows it goes by start time.
            return false;
        }

        var steps = size * entries / Math.Max(matching, 0.5) * (selection.Order.IsByMetric ? DearerByMetric : 1);
        var limit = (long)Math.Min(steps, MaxSteps);
        return await CountAsync(RunSource.OfExperiments(selection.Experiments), limit, cancellationToken) < limit;
    }

    private Task<long> CountAsync(RunSource source, long limit, CancellationToken cancellationToken) =>
        reader.FindAsync(source.Count(limit), row => row.GetInt64(0), cancellationToken);
}
