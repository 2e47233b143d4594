using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>Conditions that must all be true.</summary>
internal static class Conjunction
{
    // Nested in halves: SQLite bounds the depth of an expression, and a chain of a thousand would be too deep.
    public static Sql Of(IReadOnlyList<Sql> conditions) => conditions switch
    {
        [] => Sql.Of($"1 = 1"),
        [var only] => only,
        _ => Sql.Of($"({Of([.. conditions.Take(conditions.Count / 2)])} and {Of([.. conditions.Skip(conditions.Count / 2)])})"),
    };
}
