using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>What the gateway answers by itself, in the shape of the scoring protocol's errors.</summary>
internal static class Refusals
{
    public static Task TooManyAsync(HttpContext context) =>
        AnswerLaterAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests wait already.");

    public static Task UnavailableAsync(HttpContext context, string message) =>
        AnswerLaterAsync(context, StatusCodes.Status503ServiceUnavailable, message);

    public static async Task AnswerAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["error_code"] = CodeOf(status), ["message"] = message });
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, CancellationToken.None);
    }

    private static Task AnswerLaterAsync(HttpContext context, int status, string message)
    {
        context.Response.Headers.RetryAfter = "1";
        return AnswerAsync(context, status, message);
    }

    private static string CodeOf(int status) => status switch
    {
        400 or 405 or 409 or 410 or 415 => "BAD_REQUEST",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "RESOURCE_DOES_NOT_EXIST",
        429 => "REQUEST_LIMIT_EXCEEDED",
        504 => "DEADLINE_EXCEEDED",
        _ => "TEMPORARILY_UNAVAILABLE",
    };
}
