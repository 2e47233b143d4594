namespace Slipway.Wire;

/// <summary>A tag or a param.</summary>
/// <param name="Key">Its name; required in requests.</param>
/// <param name="Value">Its text; absent means empty.</param>
public sealed record KeyValue(string? Key, string? Value);
