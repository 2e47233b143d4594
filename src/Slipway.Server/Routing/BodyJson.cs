using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Store;
using Slipway.Wire.Json;

namespace Slipway.Server.Routing;

/// <summary>The wire's own reading of a JSON body: what is empty is an object, a string is decoded again, NaN may stand bare.</summary>
internal static class BodyJson
{
    public static T Decode<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Parse(body, type);
        }
        catch (JsonException) when (BareNumbers.TryQuote(body, out var quoted))
        {
            return ParseQuoted(quoted, type);
        }
        catch (JsonException exception)
        {
            throw Told(exception);
        }
    }

    private static T ParseQuoted<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Parse(body, type);
        }
        catch (JsonException exception)
        {
            throw Told(exception);
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        body = body.Trim(" \t\r\n"u8);
        if (body.IsEmpty || body.SequenceEqual("null"u8))
        {
            body = "{}"u8;
        }

        if (body[0] == '"')
        {
            // Very old clients encode twice.
            body = Encoding.UTF8.GetBytes(JsonSerializer.Deserialize(body, TextJson.Default.String) ?? "");
            if (body.IsEmpty || body[0] == '"')
            {
                throw Fault.Invalid("The request body must be a JSON object.");
            }
        }

        if (body[0] is (byte)'[' or (byte)'t' or (byte)'f' or (byte)'-' or (>= (byte)'0' and <= (byte)'9'))
        {
            throw Fault.Invalid("The request body must be a JSON object.");
        }

        return JsonSerializer.Deserialize(body, type) ?? throw Fault.Invalid("The request body must be a JSON object.");
    }

    private static Fault Told(JsonException exception)
    {
        var field = exception.Path is { Length: > 2 } path ? path[2..] : null;
        if (field is not null && exception.Message.StartsWith(WireJson.Missing, StringComparison.Ordinal))
        {
            return Fault.Invalid($"Missing value for required parameter '{field}'.");
        }

        return field is null
            ? Fault.Invalid($"The request body is malformed JSON, near byte {exception.BytePositionInLine} of line {exception.LineNumber + 1}.")
            : Fault.Invalid($"Invalid value for parameter '{field}': {Reason(exception.Message)}.");
    }

    // The converters say "must be …"; the framework's own sentences name types of ours, which tell a caller nothing.
    private static string Reason(string message) =>
        message.StartsWith("must be", StringComparison.Ordinal) ? message.Split(" Path:")[0].TrimEnd('.') : "it has another type than this parameter takes, or is malformed";
}
