namespace Slipway.Wire;

/// <summary>The names of errors that every MLflow client since 1.26 understands. Older clients fail on any other name.</summary>
public static class ErrorCode
{
    /// <summary>The request is wrong; sent with status 400.</summary>
    public const string InvalidParameterValue = "INVALID_PARAMETER_VALUE";

    /// <summary>The request contradicts itself; sent with status 400.</summary>
    public const string BadRequest = "BAD_REQUEST";

    /// <summary>What the request names does not exist; sent with status 404.</summary>
    public const string ResourceDoesNotExist = "RESOURCE_DOES_NOT_EXIST";

    /// <summary>What the request would make exists already; sent with status 400, not 409.</summary>
    public const string ResourceAlreadyExists = "RESOURCE_ALREADY_EXISTS";

    /// <summary>There is no such endpoint, or not with this method; sent with status 404 or 405.</summary>
    public const string EndpointNotFound = "ENDPOINT_NOT_FOUND";

    /// <summary>The caller has to say who they are, and did not, or not truly; sent with status 401.</summary>
    public const string CustomerUnauthorized = "CUSTOMER_UNAUTHORIZED";

    /// <summary>A right or a rule forbids it; sent with status 403.</summary>
    public const string PermissionDenied = "PERMISSION_DENIED";

    /// <summary>This server does not do that and the client knows another way; sent with status 501.</summary>
    public const string NotImplemented = "NOT_IMPLEMENTED";

    /// <summary>The same request may succeed later; sent with status 503, which clients retry for minutes.</summary>
    public const string TemporarilyUnavailable = "TEMPORARILY_UNAVAILABLE";

    /// <summary>The server's own mistake; sent with status 500.</summary>
    public const string InternalError = "INTERNAL_ERROR";
}
