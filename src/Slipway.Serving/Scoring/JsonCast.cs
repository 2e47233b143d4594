using System.Globalization;
using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>Turns JSON values into a type: leniently where nothing is lost, as MLflow does, and not at all where something would be.</summary>
internal static class JsonCast
{
    /// <summary>Casts values into a column.</summary>
    /// <param name="values">What was sent.</param>
    /// <param name="type">Into what; text stays as it is where it is none.</param>
    /// <param name="what">Whose values they are, for messages.</param>
    /// <exception cref="ScoringFault">A value does not fit.</exception>
    public static Tensor ToColumn(JsonElement[] values, ElementType type, string what)
    {
        // A column of text may hold numbers, and they stay numbers.
        if (type == ElementType.Json || (type == ElementType.Text && Array.Exists(values, value => value.ValueKind != JsonValueKind.String && !IsNull(value))))
        {
            return Tensor.Column(ElementType.Json, values);
        }

        var column = Tensor.Allocate(type, values.Length);
        Fill(column, values, type, what);
        return Tensor.Column(type, column);
    }

    public static bool IsNull(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public static ScoringFault Failed(string what, ElementType type, string reason) =>
        ScoringFault.BadInput($"Failed to convert {what} to type '{ElementTypes.Name(type)}': {reason}");

    public static void Fill(Array target, ReadOnlySpan<JsonElement> values, ElementType type, string what)
    {
        switch (target)
        {
            case double[] doubles:
                for (var index = 0; index < doubles.Length; index++)
                {
                    doubles[index] = ToDouble(values[index], type, what);
                }

                break;
            case float[] floats:
                for (var index = 0; index < floats.Length; index++)
                {
                    floats[index] = Narrow.ToFloat(ToDouble(values[index], type, what), what);
                }

                break;
            case bool[] booleans:
                for (var index = 0; index < booleans.Length; index++)
                {
                    booleans[index] = IsTrue(values[index]);
                }

                break;
            default:
                for (var index = 0; index < target.Length; index++)
                {
                    SetOne(target, index, values[index], (type, what));
                }

                break;
        }
    }

    private static void SetOne(Array target, int index, JsonElement value, (ElementType Type, string What) into)
    {
        switch (into.Type)
        {
            case ElementType.Text:
                ((string?[])target)[index] = value.ValueKind == JsonValueKind.String ? value.GetString() : IsNull(value) ? null : value.GetRawText();
                break;
            case ElementType.Bytes:
                ((byte[]?[])target)[index] = IsNull(value) ? null : LenientBase64.Decode(Text(value, into.Type, into.What), into.What);
                break;
            case ElementType.Time:
                ((DateTime?[])target)[index] = ToTime(value, into.What);
                break;
            default:
                Narrow.Set(target, index, ToInteger(value, into.Type, into.What), into.What);
                break;
        }
    }

    private static double ToDouble(JsonElement value, ElementType type, string what) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when Numbers.TryParse(value.GetString()!, out var number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Null or JsonValueKind.Undefined => double.NaN,
        _ => throw Failed(what, type, $"{Shown(value)} is no number."),
    };

    private static Int128 ToInteger(JsonElement value, ElementType type, string what)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                return whole;
            case JsonValueKind.Number when value.TryGetUInt64(out var large):
                return large;
            case JsonValueKind.Number:
                return Whole(value.GetDouble(), what);
            case JsonValueKind.True or JsonValueKind.False:
                return value.ValueKind == JsonValueKind.True ? 1 : 0;
            case JsonValueKind.String when Int128.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed):
                return parsed;
            default:
                throw Failed(what, type, IsNull(value) ? "a value is missing; declare integers with missing values as double." : $"{Shown(value)} is no integer.");
        }
    }

    private static Int128 Whole(double value, string what) => Math.Floor(value) == value && Math.Abs(value) < 1e19
        ? (Int128)value
        : throw ScoringFault.Mismatch(string.Create(CultureInfo.InvariantCulture, $"Failed to convert {what}: {value} is no integer, and is not rounded."));

    // As Python says what is true: what is not empty and not zero.
    private static bool IsTrue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };

    private static DateTime? ToTime(JsonElement value, string what)
    {
        if (IsNull(value))
        {
            return null;
        }

        // A number counts nanoseconds since 1970.
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var nanoseconds)
            ? DateTime.UnixEpoch.AddTicks(nanoseconds / 100)
            : Numbers.ToTime(Text(value, ElementType.Time, what)) ?? throw Failed(what, ElementType.Time, $"{Shown(value)} is no date.");
    }

    private static string Text(JsonElement value, ElementType type, string what) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Failed(what, type, $"{Shown(value)} is no text.");

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}
