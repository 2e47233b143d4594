using System.Text.Json;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>Reads the first prediction out of the beginning of an answer: enough for its distribution, and of a bounded cost.</summary>
internal static class FirstPrediction
{
    public static Prediction Read(ReadOnlySpan<byte> beginning)
    {
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, default);
        try
        {
            return FindPredictions(ref reader) ? ReadScalar(ref reader) : default;
        }
        catch (JsonException)
        {
            // Then it isn't JSON, and nothing is known about what was predicted.
            return default;
        }
    }

    /// <summary>A scalar of JSON: text and whole numbers are classes, other numbers are numbers.</summary>
    public static Prediction Of(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0 => Prediction.OfNumber(reader.GetDouble()),
        JsonTokenType.Number or JsonTokenType.String or JsonTokenType.True or JsonTokenType.False => Prediction.OfClass(reader.ValueSpan),
        _ => default,
    };

    private static bool FindPredictions(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("predictions"u8))
            {
                return true;
            }

            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return false;
    }

    private static Prediction ReadScalar(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (Of(ref reader) is { Kind: not PredictionKind.None } prediction)
            {
                return prediction;
            }
        }

        return default;
    }
}
