using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Python;

/// <summary>A request as the child reads it: the length of a JSON header, the header, and the raw values of its arrays.</summary>
internal static class PythonFrame
{
    public static byte[] Encode(ScoringRequest request)
    {
        var header = new ArrayBufferWriter<byte>();
        var raw = new List<Array>();
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            WriteInput(json, request.Input, raw);
            json.WriteStartObject("params");
            foreach (var (name, value) in request.Parameters)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Join(header.WrittenSpan, raw);
    }

    private static void WriteInput(Utf8JsonWriter json, ScoringInput input, List<Array> raw)
    {
        switch (input)
        {
            case TableInput table:
                json.WriteString("form", "table");
                json.WriteBoolean("named", table.IsNamed);
                json.WriteNumber("rows", table.Rows);
                WriteFields(json, table.Columns, raw);
                break;
            case NamedInput named:
                json.WriteString("form", "named");
                WriteFields(json, named.Tensors, raw);
                break;
            case TensorInput tensor:
                json.WriteString("form", "tensor");
                WriteFields(json, [new NamedTensor("", tensor.Tensor)], raw);
                break;
            case JsonInput other:
                json.WriteString("form", "json");
                json.WritePropertyName("value");
                other.Value.WriteTo(json);
                break;
            default:
                throw new InvalidOperationException($"{input.GetType().Name} is no input that Python is given.");
        }
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<NamedTensor> fields, List<Array> raw)
    {
        json.WriteStartArray("fields");
        foreach (var (name, tensor) in fields)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("type", TypeName(tensor.Type));
            json.WriteStartArray("shape");
            Array.ForEach(tensor.Shape, json.WriteNumberValue);
            json.WriteEndArray();
            WriteValues(json, tensor, raw);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter json, Tensor tensor, List<Array> raw)
    {
        if (tensor.Type <= ElementType.Float64)
        {
            json.WriteNumber("bytes", Buffer.ByteLength(tensor.Values));
            raw.Add(tensor.Values);
            return;
        }

        json.WriteStartArray("values");
        foreach (var value in tensor.Values)
        {
            WriteValue(json, value);
        }

        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case byte[] bytes: json.WriteBase64StringValue(bytes); break;
            case DateTime time: json.WriteStringValue(time); break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }: json.WriteNullValue(); break;
            case JsonElement element: element.WriteTo(json); break;
            default: throw new InvalidOperationException($"{value.GetType().Name} is no value that Python is given.");
        }
    }

    private static string TypeName(ElementType type) => type switch
    {
        ElementType.Boolean => "bool",
        ElementType.Text or ElementType.Json => "object",
        ElementType.Bytes => "bytes",
        ElementType.Time => "time",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static byte[] Join(ReadOnlySpan<byte> header, List<Array> raw)
    {
        var body = new byte[4 + header.Length + raw.Sum(Buffer.ByteLength)];
        BinaryPrimitives.WriteInt32LittleEndian(body, header.Length);
        header.CopyTo(body.AsSpan(4));
        var at = 4 + header.Length;
        foreach (var values in raw)
        {
            var length = Buffer.ByteLength(values);
            MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(values), length).CopyTo(body.AsSpan(at));
            at += length;
        }

        return body;
    }
}
