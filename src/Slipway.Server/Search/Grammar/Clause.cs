namespace Slipway.Server.Search.Grammar;

/// <summary>A clause that means something for its kind: what it is about, and what must be true of it.</summary>
/// <param name="Subject">Where the value is found.</param>
/// <param name="Name">The key of a metric, param or tag; else the canonical name of a field.</param>
/// <param name="Condition">What must be true of the value.</param>
internal sealed record Clause(Subject Subject, string Name, Condition Condition);

/// <summary>Where a value is found.</summary>
internal enum Subject
{
    Attribute,
    Metric,
    Param,
    Tag,
    Dataset,
}
