using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>The names of what <c>logged_models.status</c> holds.</summary>
internal static class LoggedModelStatus
{
    /// <summary>The whole name of the column's value.</summary>
    public static Sql Column => Sql.Of($"""
        case l.status when 1 then 'LOGGED_MODEL_PENDING' when 2 then 'LOGGED_MODEL_READY'
        when 3 then 'LOGGED_MODEL_UPLOAD_FAILED' else 'LOGGED_MODEL_STATUS_UNSPECIFIED' end
        """);

    public static string WholeName(string written) => written switch
    {
        "0" or "UNSPECIFIED" => "LOGGED_MODEL_STATUS_UNSPECIFIED",
        "1" or "PENDING" => "LOGGED_MODEL_PENDING",
        "2" or "READY" => "LOGGED_MODEL_READY",
        "3" or "UPLOAD_FAILED" => "LOGGED_MODEL_UPLOAD_FAILED",
        _ => written,
    };
}
