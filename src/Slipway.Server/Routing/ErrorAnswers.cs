using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Native;

namespace Slipway.Server.Routing;

/// <summary>The one place that turns failures into answers, and the one table that pairs kinds with codes and statuses.</summary>
/// <param name="prefix">What stands in front of every path.</param>
/// <param name="logger">Where failures of ours are told in full.</param>
internal sealed partial class ErrorAnswers(string prefix, ILogger<ErrorAnswers> logger)
{
    private static readonly Dictionary<FaultKind, (string Code, int Status)> Answers = new()
    {
        [FaultKind.Invalid] = (ErrorCode.InvalidParameterValue, StatusCodes.Status400BadRequest),
        [FaultKind.Contradictory] = (ErrorCode.BadRequest, StatusCodes.Status400BadRequest),
        [FaultKind.NotFound] = (ErrorCode.ResourceDoesNotExist, StatusCodes.Status404NotFound),
        [FaultKind.Gone] = (ErrorCode.ResourceDoesNotExist, StatusCodes.Status404NotFound),
        [FaultKind.AlreadyExists] = (ErrorCode.ResourceAlreadyExists, StatusCodes.Status400BadRequest),
        [FaultKind.Denied] = (ErrorCode.PermissionDenied, StatusCodes.Status403Forbidden),
        [FaultKind.Unauthenticated] = (ErrorCode.CustomerUnauthorized, StatusCodes.Status401Unauthorized),
        [FaultKind.Conflict] = (ErrorCode.BadRequest, StatusCodes.Status400BadRequest),
        [FaultKind.Outdated] = (ErrorCode.BadRequest, StatusCodes.Status400BadRequest),
        [FaultKind.NoEndpoint] = (ErrorCode.EndpointNotFound, StatusCodes.Status404NotFound),
        [FaultKind.NotImplemented] = (ErrorCode.NotImplemented, StatusCodes.Status501NotImplemented),
        [FaultKind.Unavailable] = (ErrorCode.TemporarilyUnavailable, StatusCodes.Status503ServiceUnavailable),
        [FaultKind.Damaged] = (ErrorCode.InternalError, StatusCodes.Status500InternalServerError),
    };

    // The native API has no old clients that know only some statuses.
    private static readonly Dictionary<FaultKind, int> NativeStatuses = new()
    {
        [FaultKind.AlreadyExists] = StatusCodes.Status409Conflict,
        [FaultKind.Gone] = StatusCodes.Status410Gone,
        [FaultKind.Conflict] = StatusCodes.Status409Conflict,
        [FaultKind.Outdated] = StatusCodes.Status412PreconditionFailed,
    };

    private readonly PathString _nativePrefix = prefix + NativeApi.Prefix.TrimEnd('/');

    /// <summary>Answers the request by the next step, or by what went wrong in it.</summary>
    public async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Fault fault)
        {
            var (code, status) = Answers[fault.Kind];
            if (IsNative(context) && NativeStatuses.TryGetValue(fault.Kind, out var native))
            {
                status = native;
            }

            if (fault.Kind == FaultKind.Unauthenticated)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"mlflow\"";
            }

            if (fault.Kind == FaultKind.Unavailable)
            {
                Log.Unavailable(logger, fault.Message, fault.InnerException);
                context.Response.Headers.RetryAfter = "1";
            }
            else if (fault.Kind == FaultKind.Damaged)
            {
                Log.Damaged(logger, fault.Message);
            }

            await AnswerAsync(context, fault is WrongMethodException ? StatusCodes.Status405MethodNotAllowed : status, code, fault.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, ErrorCode.InvalidParameterValue, exception.Message);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or ConnectionResetException or IOException)
        {
            context.Abort();
        }
        catch (Exception exception)
        {
            Log.Failed(logger, context.Request.Method, context.Request.Path, context.TraceIdentifier, exception);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, ErrorCode.InternalError, $"The server failed; its log tells more under {context.TraceIdentifier}.");
        }
    }

    private Task AnswerAsync(HttpContext context, int status, string code, string message)
    {
        if (context.Response.HasStarted)
        {
            // Too late to say it: cutting the connection is what the client can still see.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        return IsNative(context)
            ? Answer.WriteAsync(context, new Problem($"urn:slipway:problem:{code.ToLowerInvariant()}", ReasonPhrases.GetReasonPhrase(status), status, message, code), Problem.MediaType)
            : Answer.WriteAsync(context, new ErrorResponse(code, message));
    }

    private bool IsNative(HttpContext context) => context.Request.Path.StartsWithSegments(_nativePrefix, StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Error, "{Method} {Path} failed ({TraceId})")]
        public static partial void Failed(ILogger logger, string method, string path, string traceId, Exception exception);

        [LoggerMessage(1002, LogLevel.Warning, "Unavailable: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason, Exception? exception);

        [LoggerMessage(1003, LogLevel.Error, "Damaged: {Reason}")]
        public static partial void Damaged(ILogger logger, string reason);
    }
}
