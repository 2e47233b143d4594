using System.Globalization;
using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>Writes answers as the protocol has them. What is no number is null: JSON has no NaN.</summary>
internal static class AnswerWriter
{
    /// <summary>Writes a whole answer.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="output">What the model said.</param>
    /// <param name="isBare">Without <c>predictions</c> around it.</param>
    public static void Write(Utf8JsonWriter writer, ScoringOutput output, bool isBare)
    {
        if (!isBare)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("predictions"u8);
        }

        WriteOutput(writer, output);
        if (!isBare)
        {
            writer.WriteEndObject();
        }
    }

    /// <summary>Writes nested lists, or a single value.</summary>
    public static void Write(Utf8JsonWriter writer, Tensor tensor)
    {
        var index = 0;
        WriteDimension(writer, tensor, 0, ref index);
    }

    /// <summary>Writes one of a tensor's values.</summary>
    public static void WriteValue(Utf8JsonWriter writer, Tensor tensor, int index)
    {
        switch (tensor.Values)
        {
            case double[] values: WriteNumber(writer, values[index]); break;
            case float[] values: WriteNumber(writer, values[index]); break;
            case long[] values when tensor.Type == ElementType.Int64: writer.WriteNumberValue(values[index]); break;
            case int[] values when tensor.Type == ElementType.Int32: writer.WriteNumberValue(values[index]); break;
            case bool[] values: writer.WriteBooleanValue(values[index]); break;
            case string?[] values: writer.WriteStringValue(values[index]); break;
            case JsonElement[] values: WriteJson(writer, values[index]); break;
            case byte[]?[] values: WriteBytes(writer, values[index]); break;
            case DateTime?[] values: WriteTime(writer, values[index]); break;
            default: writer.WriteNumberValue(Convert.ToDecimal(tensor.Values.GetValue(index), CultureInfo.InvariantCulture)); break;
        }
    }

    private static void WriteOutput(Utf8JsonWriter writer, ScoringOutput output)
    {
        switch (output)
        {
            case TensorOutput tensor:
                Write(writer, tensor.Tensor);
                break;
            case RowsOutput rows:
                WriteRows(writer, rows);
                break;
            case NamedOutput named:
                WriteNamed(writer, named);
                break;
            case JsonOutput json:
                writer.WriteRawValue(json.Utf8.Span);
                break;
        }
    }

    private static void WriteRows(Utf8JsonWriter writer, RowsOutput rows)
    {
        writer.WriteStartArray();
        for (var row = 0; row < rows.Rows; row++)
        {
            writer.WriteStartObject();
            foreach (var (name, tensor) in rows.Columns)
            {
                writer.WritePropertyName(name);
                var index = row * (tensor.Count / rows.Rows);
                WriteDimension(writer, tensor, 1, ref index);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNamed(Utf8JsonWriter writer, NamedOutput named)
    {
        writer.WriteStartObject();
        foreach (var (name, tensor) in named.Tensors)
        {
            writer.WritePropertyName(name);
            Write(writer, tensor);
        }

        writer.WriteEndObject();
    }

    private static void WriteDimension(Utf8JsonWriter writer, Tensor tensor, int dimension, ref int index)
    {
        if (dimension >= tensor.Shape.Length)
        {
            WriteValue(writer, tensor, index++);
            return;
        }

        writer.WriteStartArray();
        for (var item = 0; item < tensor.Shape[dimension]; item++)
        {
            WriteDimension(writer, tensor, dimension + 1, ref index);
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
            return;
        }

        writer.WriteNullValue();
    }

    private static void WriteNumber(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
            return;
        }

        writer.WriteNullValue();
    }

    private static void WriteJson(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
            return;
        }

        value.WriteTo(writer);
    }

    // MLflow ends base64 with a line feed, and clients may compare.
    private static void WriteBytes(Utf8JsonWriter writer, byte[]? value) => writer.WriteStringValue(value is null ? null : Convert.ToBase64String(value) + "\n");

    private static void WriteTime(Utf8JsonWriter writer, DateTime? value) => writer.WriteStringValue(value?.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
}
