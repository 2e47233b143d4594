using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Store;
using Slipway.Wire.Json;

namespace Slipway.Server.Routing;

/// <summary>Reads the record of a request: from the query of a GET, else from a JSON body, both by the rules of the wire.</summary>
internal static class RequestDecoder
{
    /// <summary>Above the largest batch that a client sends, and far below what would hurt.</summary>
    public const int BodyLimit = 32 << 20;

    public static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && request.QueryString.HasValue)
        {
            return ReadQuery<T>(context);
        }

        // A page can make a browser send a form to anywhere, but JSON only to where it is welcome.
        if ((HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method) || HasBody(context)) && !IsJson(request.ContentType))
        {
            throw Fault.Invalid(request.ContentType is null
                ? "Content-Type header is missing; it must be application/json."
                : $"Content-Type '{request.ContentType}' is not supported; it must be application/json.");
        }

        return await ReadBodyAsync<T>(context);
    }

    /// <summary>Reads a record from the query, whatever the body is.</summary>
    public static T ReadQuery<T>(HttpContext context)
        where T : class => Decode<T>(QueryJson.Of<T>(context.Request.Query).Span);

    private static bool HasBody(HttpContext context) => !HttpMethods.IsGet(context.Request.Method) && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && context.Request.ContentLength != 0;

    private static async Task<T> ReadBodyAsync<T>(HttpContext context)
        where T : class
    {
        if (context.Request.ContentLength is > BodyLimit)
        {
            throw TooLarge();
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > BodyLimit)
            {
                throw TooLarge();
            }

            if (read.IsCompleted)
            {
                try
                {
                    return Decode<T>(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                }
                finally
                {
                    reader.AdvanceTo(read.Buffer.End);
                }
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static T Decode<T>(ReadOnlySpan<byte> json)
        where T : class => BodyJson.Decode(json, WireJson.Of<T>());

    private static Fault TooLarge() => Fault.Invalid($"The request body is larger than the {BodyLimit >> 20} MiB that this endpoint takes.");

    private static bool IsJson(string? contentType)
    {
        if (contentType is null)
        {
            return false;
        }

        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType.AsSpan() : contentType.AsSpan(0, end)).Trim() is "application/json";
    }
}
