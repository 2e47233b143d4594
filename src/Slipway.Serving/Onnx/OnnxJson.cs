using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Onnx;

/// <summary>Makes JSON of what models of scikit-learn answer: sequences of maps from a class to its probability.</summary>
internal static class OnnxJson
{
    /// <summary>One part of a sequence: a map as it was read, or nested lists.</summary>
    public static JsonElement Of(Tensor part) => part is { Type: ElementType.Json, Shape.Length: 0 }
        ? ((JsonElement[])part.Values)[0]
        : Written(writer => AnswerWriter.Write(writer, part));

    /// <summary>An object; numbers become texts, as keys have to be.</summary>
    public static JsonElement Object(Tensor keys, Tensor values) => Written(writer =>
    {
        writer.WriteStartObject();
        for (var index = 0; index < keys.Count; index++)
        {
            writer.WritePropertyName(Convert.ToString(keys.Values.GetValue(index), CultureInfo.InvariantCulture)!);
            AnswerWriter.WriteValue(writer, values, index);
        }

        writer.WriteEndObject();
    });

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
