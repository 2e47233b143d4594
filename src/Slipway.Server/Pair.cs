using Slipway.Wire;

namespace Slipway.Server;

/// <summary>A key and a text: a tag or a param, as it is stored.</summary>
internal readonly record struct Pair(string Key, string Value)
{
    public static IReadOnlyList<KeyValue>? ToWire(IReadOnlyList<Pair> pairs) =>
        pairs.Count == 0 ? null : [.. pairs.Select(pair => new KeyValue(pair.Key, pair.Value))];
}
