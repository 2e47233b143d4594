using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Where an experiment may keep its artifacts.</summary>
internal static class ArtifactLocation
{
    private const int Longest = 2048;

    // Stored as text for clients; the server itself opens none of them.
    private static readonly HashSet<string> RemoteSchemes = new(StringComparer.Ordinal)
    {
        "abfs", "abfss", "adl", "b2", "dbfs", "ftp", "gs", "hdfs", "http", "https", "oss", "r2", "s3", "s3a", "s3n", "sftp", "viewfs", "wasb", "wasbs",
    };

    /// <summary>Answers the location as it is to be stored.</summary>
    /// <param name="location">What the client asks for.</param>
    /// <param name="localFolders">Where local locations may lie.</param>
    /// <exception cref="Fault">The location is none, or is not safe.</exception>
    public static string Check(string location, IReadOnlyList<string> localFolders)
    {
        CheckText(location);
        var scheme = ArtifactUri.SchemeOf(location);
        if (scheme is null or "file" or { Length: 1 })
        {
            return CheckLocal(location, scheme, localFolders);
        }

        if (scheme != "mlflow-artifacts" && !RemoteSchemes.Contains(scheme))
        {
            throw Invalid($"the scheme '{scheme}' names no place for artifacts");
        }

        // An experiment's own folder is its number. Nobody gets to name another experiment's.
        if (ArtifactUri.Find(location)?.ExperimentId is { } experiment)
        {
            throw Invalid($"the folder {experiment} belongs to the experiment of that number");
        }

        return location;
    }

    private static void CheckText(string location)
    {
        if (location.Length > Longest)
        {
            throw Invalid($"it is longer than {Longest} characters");
        }

        if (location.AsSpan().ContainsAny('#', ';'))
        {
            throw Fault.Invalid("'artifact_location' URL can't include fragments or params.");
        }

        foreach (var text in PercentEncoding.Decodings(location))
        {
            if (text is null || text.Any(char.IsControl) || text.Contains('\\', StringComparison.Ordinal))
            {
                throw Invalid("it has a backslash or a control character, or does not decode");
            }

            if (text.Split('/', '?', '&', '=', ';').Contains("..") || (text.Split('?', 2) is [_, var query] && query.Contains("..", StringComparison.Ordinal)))
            {
                throw Invalid("it has a '..'");
            }
        }
    }

    private static string CheckLocal(string location, string? scheme, IReadOnlyList<string> localFolders)
    {
        if (LocalPath.Find(location, scheme) is { } path && localFolders.Any(folder => LocalPath.IsWithin(path, folder)))
        {
            return scheme is null ? path : location;
        }

        throw Invalid("a local folder is taken only below those that the server's artifact-folders name");
    }

    public static Fault Invalid(string reason) => Fault.Invalid($"Invalid artifact_location: {reason}.");
}
