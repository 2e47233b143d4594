using Slipway.Bench.Load;

namespace Slipway.Bench.Cases;

/// <summary>Something to measure.</summary>
/// <param name="Name">How it is called in the table and by <c>--only</c>.</param>
/// <param name="Prepare">Makes what it works on and says what to send.</param>
internal sealed record Case(string Name, Func<Operation> Prepare)
{
    public const int GoalConnections = 64;

    /// <summary>The share of the yardstick that it has to reach on SQLite with <see cref="GoalConnections"/>; null when it is measured for information.</summary>
    public double? Share { get; init; }

    /// <summary>The median that it has to reach; such a case is measured with one connection only.</summary>
    public TimeSpan? Median { get; init; }

    /// <summary>Its changes are audited, one after the other.</summary>
    public bool IsGoverned { get; init; }

    /// <summary>The case of which one request may take so many times the time, with <see cref="GoalConnections"/>.</summary>
    public (string Case, double Most)? Times { get; init; }

    public double? ShareOn(DatabaseKind database) => database == DatabaseKind.Sqlite || Share is null ? Share : IsGoverned ? 0.01 : Share / 3;
}
