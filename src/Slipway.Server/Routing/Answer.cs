using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Wire.Json;

namespace Slipway.Server.Routing;

/// <summary>Writes a record as the whole body of an answer.</summary>
internal static class Answer
{
    /// <summary>A buffer that grew beyond this is not kept for the next answer.</summary>
    private const int KeptCapacity = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Writes JSON that was written before.</summary>
    public static Task WriteTextAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    public static Task WriteAsync<T>(HttpContext context, T body, string type = "application/json")
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = _writer ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WireJson.Of<T>().Options.Encoder, SkipValidation = true });
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, body, WireJson.Of<T>());
        writer.Flush();

        context.Response.ContentType = type;
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > KeptCapacity)
        {
            (_buffer, _writer) = (null, null);
        }

        return context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }
}
