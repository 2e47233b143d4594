namespace Slipway.Server.Artifacts;

/// <summary>URIs of this machine's own file system. They are compared, never opened.</summary>
internal static class LocalPath
{
    private const int MostLinks = 40;

    /// <summary>The absolute path that a URI without a scheme, or with <c>file:</c>, stands for; null when it is none of this machine.</summary>
    public static string? Find(string uri, string? scheme)
    {
        if (scheme is null)
        {
            return uri.Length == 0 ? null : Path.GetFullPath(uri);
        }

        if (scheme != "file")
        {
            return null;
        }

        var rest = uri["file:".Length..];
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            var host = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "/" : rest[slash..];
            if (!IsThisMachine(host))
            {
                return null;
            }
        }

        return PercentEncoding.TryDecode(rest) is { Length: > 0 } path ? Path.GetFullPath(path) : null;
    }

    /// <summary>Whether a path is a folder or lies below it, once all symbolic links and dots are resolved.</summary>
    public static bool IsWithin(string path, string folder) =>
        Resolve(path) is { } inner && Resolve(folder) is { } outer
        && (inner == outer || inner.StartsWith(Path.TrimEndingDirectorySeparator(outer) + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    private static bool IsThisMachine(string host) =>
        host is "" or "." || host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.0.0.1", StringComparison.Ordinal);

    // 1. Walk the path from its root. 2. Where a part is a link, begin again at its target, with what is left behind it.
    // 3. What does not exist is taken as it is written. Null when the links lead in circles.
    private static string? Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        for (var links = 0; links <= MostLinks; links++)
        {
            if (FirstLink(full) is not { } link)
            {
                return Path.TrimEndingDirectorySeparator(full);
            }

            full = Path.GetFullPath(Path.Join(link.Target, link.Behind));
        }

        return null;
    }

    private static (string Target, string Behind)? FirstLink(string full)
    {
        var root = Path.GetPathRoot(full)!;
        var parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var walked = root;
        for (var i = 0; i < parts.Length; i++)
        {
            var parent = walked;
            walked = Path.Join(walked, parts[i]);
            if (new FileInfo(walked).LinkTarget is { } target)
            {
                return (Path.Combine(parent, target), string.Join(Path.DirectorySeparatorChar, parts[(i + 1)..]));
            }
        }

        return null;
    }
}
