using System.Text.Json;

namespace Slipway.Server.Checks;

/// <summary>Tags that hold a JSON list, which clients read and may overwrite with anything.</summary>
internal static class JsonList
{
    /// <summary>Deeper than what any item may be, so that an item never makes its list unreadable.</summary>
    private const int ListDepth = 128;

    /// <summary>The list with one more item; what is no list any more begins anew.</summary>
    public static string Append(string? list, string item)
    {
        var items = IsList(list) ? list!.Trim()[1..^1].Trim() : "";
        return items.Length == 0 ? $"[{item}]" : $"[{items}, {item}]";
    }

    private static bool IsList(string? text)
    {
        if (text is null)
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = ListDepth });
            return json.RootElement.ValueKind == JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
