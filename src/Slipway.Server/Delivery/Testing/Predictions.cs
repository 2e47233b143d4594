using System.Globalization;
using System.Text.Json;

namespace Slipway.Server.Delivery.Testing;

/// <summary>Answers of models, read and compared.</summary>
internal static class Predictions
{
    /// <summary>What the answer predicts for each row, as plain texts; null when it is no answer.</summary>
    public static IReadOnlyList<string>? Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("predictions", out var predictions) ? [.. Rows(predictions)] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One form for each value, so that <c>1</c> and <c>1.0</c> are the same class.</summary>
    public static string Canonical(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
        ? number.ToString("R", CultureInfo.InvariantCulture)
        : text;

    /// <summary>Whether two answers are the same but for rounding.</summary>
    public static bool AreClose(JsonElement one, JsonElement other, double tolerance)
    {
        if (one.ValueKind != other.ValueKind)
        {
            return false;
        }

        return one.ValueKind switch
        {
            JsonValueKind.Number => Math.Abs(one.GetDouble() - other.GetDouble()) <= tolerance * Math.Max(1, Math.Abs(other.GetDouble())),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => AreClose(pair.First, pair.Second, tolerance)),
            JsonValueKind.Object => one.EnumerateObject().Count() == other.EnumerateObject().Count() && one.EnumerateObject().All(member => other.TryGetProperty(member.Name, out var twin) && AreClose(member.Value, twin, tolerance)),
            _ => one.GetRawText() == other.GetRawText(),
        };
    }

    // A model of one output answers rows of one value; of several outputs, such as a label and its probabilities, the first counts.
    private static IEnumerable<string> Rows(JsonElement predictions) => predictions.ValueKind switch
    {
        JsonValueKind.Array => predictions.EnumerateArray().Select(Row),
        JsonValueKind.Object => predictions.EnumerateObject().FirstOrDefault() is { Value.ValueKind: JsonValueKind.Array } first ? Rows(first.Value) : [Row(predictions)],
        _ => [Row(predictions)],
    };

    private static string Row(JsonElement row) => row.ValueKind switch
    {
        JsonValueKind.Array when row.GetArrayLength() == 1 => Row(row[0]),
        JsonValueKind.Object when row.EnumerateObject().Any() => Row(row.EnumerateObject().First().Value),
        JsonValueKind.String => Canonical(row.GetString()!),
        JsonValueKind.Number => Canonical(row.GetRawText()),
        _ => row.GetRawText(),
    };
}
