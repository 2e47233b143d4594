using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Server.Search.Grammar;
using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>Where a page ended: the sort values of its last row, and of which query. Opaque to clients.</summary>
/// <remarks>Values instead of an offset: rows that come or go meanwhile neither repeat nor hide others.</remarks>
internal static class PageToken
{
    public static string Encode(string fingerprint, IEnumerable<object> values)
    {
        var after = new JsonArray([.. values.Select(value => (JsonNode)(value switch
        {
            long number => JsonValue.Create(number),
            double number => JsonValue.Create(number),
            _ => JsonValue.Create((string)value),
        }))]);
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new JsonArray(fingerprint, after)));
    }

    /// <summary>The values of the last row seen; null for the first page.</summary>
    public static IReadOnlyList<object>? Decode(string? token, string fingerprint, IReadOnlyList<ColumnType> types)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        using var json = Parse(token);
        if (json?.RootElement is not { ValueKind: JsonValueKind.Array } root || root.GetArrayLength() != 2 || root[0].ValueKind != JsonValueKind.String || root[1].ValueKind != JsonValueKind.Array)
        {
            throw Fault.Invalid($"Invalid page token '{SearchText.Shown(token)}'. Pass the next_page_token of an earlier answer as it is.");
        }

        var values = root[1].EnumerateArray().Zip(types, Read).OfType<object>().ToList();
        return Text(root[0]) == fingerprint && root[1].GetArrayLength() == types.Count && values.Count == types.Count
            ? values
            : throw Fault.Invalid("Invalid page token: it belongs to another query. Repeat the query that gave it with the same filter, order and experiments.");
    }

    private static JsonDocument? Parse(string token)
    {
        try
        {
            return JsonDocument.Parse(Base64Url.DecodeFromChars(token));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static object? Read(JsonElement value, ColumnType type) => type switch
    {
        ColumnType.Int64 => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null,
        ColumnType.Double => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null,
        _ => value.ValueKind == JsonValueKind.String ? Text(value) : null,
    };

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && SearchText.IsStorable(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which no token of ours has.
            return null;
        }
    }
}
