using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>The experiments that a search looks into.</summary>
internal static class ExperimentSet
{
    private const int Most = 100_000;

    public static IReadOnlyCollection<long> Of(IReadOnlyList<long> ids)
    {
        var distinct = ids.ToHashSet();
        return distinct.Count <= Most ? distinct : throw Fault.Invalid($"A search may look into at most {Most} experiments.");
    }
}
