using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>The experiments that a search looks into.</summary>
internal static class ExperimentSet
{
    private const int Most = 100_000;

    /// <summary>Those of the experiments that whoever searches may read.</summary>
    public static async Task<IReadOnlyCollection<long>> ReadableAsync(Reader reader, IReadOnlyCollection<long> experiments, ReadableCondition readable, CancellationToken cancellationToken) =>
        readable(Sql.Of($"e.id")) is { } condition && experiments.Count > 0
            ? await reader.ListAsync($"select e.id from experiments e where e.id in {experiments} and {condition}", row => row.GetInt64(0), cancellationToken)
            : experiments;

    public static IReadOnlyCollection<long> Of(IReadOnlyList<long> ids)
    {
        var distinct = ids.ToHashSet();
        return distinct.Count <= Most ? distinct : throw Fault.Invalid($"A search may look into at most {Most} experiments.");
    }
}
