using Slipway.Wire;

namespace Slipway.Server.Checks;

/// <summary>Lists of tags and params as they come; for one key the last wins.</summary>
internal static class TagList
{
    public static IReadOnlyDictionary<string, string> Decode(IReadOnlyList<KeyValue>? tags, string name)
    {
        var decoded = new Dictionary<string, string>();
        for (var i = 0; i < tags?.Count; i++)
        {
            decoded[Require.Text(Require.Item(tags[i], $"{name}[{i}]").Key, $"{name}[{i}].key")] = tags[i].Value ?? "";
        }

        return decoded;
    }
}
