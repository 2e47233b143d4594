using System.Text.RegularExpressions;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Where the files of a model version may be said to come from.</summary>
internal static class ModelSource
{
    /// <summary>Lets a model's source pass.</summary>
    /// <param name="source">What the client says.</param>
    /// <param name="ownerLocation">Where the run, or the logged model, keeps its artifacts; null when the request names neither.</param>
    /// <param name="pattern">What must be found in every source; null when nothing must.</param>
    /// <exception cref="Fault">The source is none, or is not safe.</exception>
    public static void Check(string source, string? ownerLocation, Regex? pattern)
    {
        CheckPattern(source, pattern);
        var scheme = CheckText(source);
        if (!IsLocal(source, scheme))
        {
            CheckRemote(source);
            return;
        }

        // Dots and links are resolved before the comparison, so the two may be written differently.
        if (ownerLocation is null
            || LocalPath.Find(source, scheme) is not { } path
            || LocalPath.Find(ownerLocation, ArtifactUri.SchemeOf(ownerLocation)) is not { } owned
            || !LocalPath.IsWithin(path, owned))
        {
            throw Invalid(source, "a local path is taken only from the artifacts of the run or logged model that is named with it, where those are local too");
        }
    }

    /// <summary>Lets a prompt's source pass: nothing is ever read from there.</summary>
    /// <exception cref="Fault">The source names a place on this machine, or is not safe.</exception>
    public static void CheckPrompt(string source, Regex? pattern)
    {
        CheckPattern(source, pattern);
        CheckText(source);
        CheckRemote(source);
        foreach (var text in PercentEncoding.Decodings(source, plusIsBlank: true))
        {
            var trimmed = text!.TrimStart();
            if (trimmed.StartsWith('/') || ArtifactUri.SchemeOf(trimmed) is "file" or { Length: 1 })
            {
                throw Invalid(source, "a prompt has no files on the server");
            }
        }
    }

    private static bool IsLocal(string source, string? scheme)
    {
        if (scheme == "file" && LocalPath.Find(source, scheme) is null)
        {
            throw Invalid(source, "it names a file on another machine");
        }

        return scheme is null or "file";
    }

    private static void CheckPattern(string source, Regex? pattern)
    {
        if (pattern is not null && !pattern.IsMatch(source))
        {
            throw Invalid(source, "this server's pattern for sources is not found in it");
        }
    }

    private static string? CheckText(string source)
    {
        foreach (var text in PercentEncoding.Decodings(source, plusIsBlank: true))
        {
            if (text is null || text.Any(char.IsControl) || text.Contains('\\', StringComparison.Ordinal))
            {
                throw Invalid(source, "it has a backslash or a control character, or does not decode");
            }
        }

        var scheme = ArtifactUri.SchemeOf(source);
        return scheme is { Length: 1 } ? throw Invalid(source, "it names a drive") : scheme;
    }

    private static void CheckRemote(string source)
    {
        foreach (var text in PercentEncoding.Decodings(source, plusIsBlank: true))
        {
            // A '.' counts in the path only; a '..' anywhere.
            var query = text!.IndexOf('?', StringComparison.Ordinal);
            if (text.Split('/').Contains("..") || (query < 0 ? text : text[..query]).Split('/').Contains("."))
            {
                throw Invalid(source, "it has a '.' or '..' in its path");
            }
        }
    }

    private static Fault Invalid(string source, string reason) => Fault.Invalid($"Invalid model version source: '{source}': {reason}.");
}
