using System.Buffers;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>The URIs under which clients know artifacts: which of them this server holds, and how they are put together.</summary>
internal static class ArtifactUri
{
    private const string ProxyScheme = "mlflow-artifacts";

    private static readonly string[] ProxyAnchors = ["/api/2.0/mlflow-artifacts/artifacts", "/ajax-api/2.0/mlflow-artifacts/artifacts"];
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-");

    /// <summary>What the URI names in this server's store; null when the bytes are elsewhere.</summary>
    /// <exception cref="Fault">It names a place in the store that is not safe.</exception>
    public static ArtifactPath? Find(string uri)
    {
        var path = PathOf(uri);
        if (path is null)
        {
            return null;
        }

        // One slash separates the path from what is before it, and folders may be written with one at the end.
        path = path.StartsWith('/') ? path[1..] : path;
        return ArtifactPath.ParseFolder(PercentEncoding.TryDecode(path) ?? throw Fault.Invalid("Invalid path: it does not decode to a name."));
    }

    /// <inheritdoc cref="Find"/>
    /// <exception cref="Fault">The bytes are elsewhere, and this server does not fetch them.</exception>
    public static ArtifactPath Get(string uri) =>
        Find(uri) ?? throw Fault.Invalid($"The artifacts at '{uri}' are not held by this server; ask for them there.");

    /// <summary>Names something below a root. A query stays at the end.</summary>
    public static string Join(string root, string relative)
    {
        var query = SchemeOf(root) is null ? -1 : root.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? root : root[..query];
        return $"{path.TrimEnd('/')}/{relative}{(query < 0 ? "" : root[query..])}";
    }

    /// <summary>What stands before the first colon, in lower case, if it can be a scheme.</summary>
    public static string? SchemeOf(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(uri[0]) && uri.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0 ? uri[..colon].ToLowerInvariant() : null;
    }

    private static string? PathOf(string uri)
    {
        var scheme = SchemeOf(uri);
        if (scheme is not (ProxyScheme or "http" or "https"))
        {
            return null;
        }

        if (uri.Contains('#', StringComparison.Ordinal))
        {
            throw Fault.Invalid("Invalid path: it has a '#'.");
        }

        var query = uri.IndexOf('?', StringComparison.Ordinal);
        var rest = uri[(scheme.Length + 1)..(query < 0 ? uri.Length : query)];
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            rest = slash < 0 ? "" : rest[slash..];
        }

        if (scheme == ProxyScheme)
        {
            return rest;
        }

        return ProxyAnchors.Select(anchor => After(anchor, rest)).FirstOrDefault(path => path is not null);
    }

    // A prefix may stand in front, where this server or a proxy has one.
    private static string? After(string anchor, string path)
    {
        var place = path.IndexOf(anchor, StringComparison.Ordinal);
        var behind = place < 0 ? null : path[(place + anchor.Length)..];
        return behind is "" or ['/', ..] ? behind : null;
    }
}
