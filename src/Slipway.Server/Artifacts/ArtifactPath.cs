using System.Globalization;
using System.Text;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>A name in the artifact store. Nothing reaches a stored file without one, and none is made but by the check.</summary>
/// <remarks>
/// The name is what the caller's text says after one decoding. The check looks at every further decoding too, so that
/// nobody behind us who decodes once more is led out of the store.
/// </remarks>
internal sealed record ArtifactPath
{
    /// <summary>The store itself; it can be listed, and nothing else.</summary>
    public static readonly ArtifactPath Root = new("");

    private const int LongestSegmentBytes = 255;
    private const int LongestBytes = 2048;
    private const int LongestKeyBytes = 1024;
    private const string BucketMark = "s3://";

    private ArtifactPath(string text) => Text = text;

    /// <summary>The segments, joined by slashes.</summary>
    public string Text { get; }

    public bool IsRoot => Text.Length == 0;

    /// <summary>Whether it lies in the bucket that clients write to, and not in the store. Then it begins with <c>s3://</c>, as no name in the store can.</summary>
    public bool IsInBucket => Text.StartsWith(BucketMark, StringComparison.Ordinal);

    /// <summary>The last segment.</summary>
    public string Name => Text[(Text.LastIndexOf('/') + 1)..];

    public ArtifactPath Parent => new(Text[..Math.Max(Text.LastIndexOf('/'), 0)]);

    public IReadOnlyList<string> Segments => IsRoot ? [] : Text.Split('/');

    /// <summary>The experiment that a proxied name belongs to; null when its first segment is no number.</summary>
    public long? ExperimentId =>
        Text.Split('/')[0] is var first && first.All(char.IsAsciiDigit) && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <exception cref="Fault">The text could lead out of the store.</exception>
    public static ArtifactPath Parse(string onceDecoded) =>
        Objection(onceDecoded) is { } objection ? throw Fault.Invalid($"Invalid path: {objection}.") : new ArtifactPath(onceDecoded);

    /// <summary>Decodes once what stood in a URL, and reads it.</summary>
    /// <exception cref="Fault">The text could lead out of the store.</exception>
    public static ArtifactPath ParseEncoded(string encoded) =>
        Parse(PercentEncoding.TryDecode(encoded) ?? throw Fault.Invalid("Invalid path: it does not decode to a name."));

    /// <summary>Reads what a listing names: nothing is the root, and one slash at the end is no part of the name.</summary>
    /// <exception cref="Fault">The text could lead out of the store.</exception>
    public static ArtifactPath ParseFolder(string? onceDecoded)
    {
        if (string.IsNullOrEmpty(onceDecoded))
        {
            return Root;
        }

        return Parse(onceDecoded.Length > 1 && onceDecoded.EndsWith('/') ? onceDecoded[..^1] : onceDecoded);
    }

    /// <summary>A name that the disk gave; null when it is none that we would have written.</summary>
    public static ArtifactPath? TryParse(string onceDecoded) => Objection(onceDecoded) is null ? new ArtifactPath(onceDecoded) : null;

    /// <summary>A name that was checked before it was written down.</summary>
    public static ArtifactPath Stored(string text) => new(text);

    /// <summary>The folders that it lies in, the outermost first; the root is none of them.</summary>
    public IEnumerable<ArtifactPath> Ancestors()
    {
        for (var slash = Text.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = Text.IndexOf('/', slash + 1))
        {
            yield return new ArtifactPath(Text[..slash]);
        }
    }

    /// <summary>A condition on a column <c>path</c>: this name, and all below it.</summary>
    public Sql Within() =>
        // What begins with "path/" lies between "path/" and "path0", the character that follows the slash.
        IsRoot ? Sql.Of($"path <> ''") : Sql.Of($"(path = {Text} or (path >= {Text + "/"} and path < {Text + "0"}))");

    /// <summary>What the name below is called from here.</summary>
    public ArtifactPath Join(ArtifactPath below)
    {
        if (IsRoot || below.IsRoot)
        {
            return IsRoot ? below : this;
        }

        return IsInBucket ? InBucket(Text, below) : Parse($"{Text}/{below.Text}");
    }

    /// <summary>A name in the bucket.</summary>
    /// <param name="folder">What begins with <c>s3://</c> and ends without a slash.</param>
    /// <param name="below">What it is called from there.</param>
    public static ArtifactPath InBucket(string folder, ArtifactPath below)
    {
        var text = $"{folder}/{below.Text}";
        return Encoding.UTF8.GetByteCount(text) <= LongestKeyBytes ? new ArtifactPath(text) : throw Fault.Invalid($"Invalid path: in a bucket it is longer than {LongestKeyBytes} bytes.");
    }

    /// <summary>The name and those of all folders that it lies in, but the store itself.</summary>
    public IReadOnlyList<string> AndAbove()
    {
        var names = new List<string>();
        for (var name = this; !name.IsRoot; name = name.Parent)
        {
            names.Add(name.Text);
        }

        return names;
    }

    /// <summary>The same name as seen from a folder above it.</summary>
    public string From(ArtifactPath folder) => folder.IsRoot ? Text : Text[(folder.Text.Length + 1)..];

    public override string ToString() => Text;

    private static string? Objection(string onceDecoded)
    {
        if (Encoding.UTF8.GetByteCount(onceDecoded) > LongestBytes)
        {
            return $"it is longer than {LongestBytes} bytes";
        }

        foreach (var text in PercentEncoding.Decodings(onceDecoded))
        {
            if (text is null)
            {
                return "it does not decode to a name";
            }

            if (ObjectionTo(text) is { } objection)
            {
                return objection;
            }
        }

        return null;
    }

    private static string? ObjectionTo(string text)
    {
        // A control character goes first: parsers of URLs drop tabs and line ends, and what is left may be something else.
        if (text.Any(char.IsControl) || !IsWellFormed(text))
        {
            return "it has a control character, or is no text";
        }

        if (text.AsSpan().ContainsAny('#', '\\'))
        {
            return "it has a '#' or a backslash";
        }

        return text.Split('/').Select(ObjectionToSegment).FirstOrDefault(objection => objection is not null);
    }

    private static string? ObjectionToSegment(string segment)
    {
        if (segment is "" or "." or "..")
        {
            return "it is absolute, or has an empty segment, '.' or '..'";
        }

        if (segment.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || (segment.Length > 1 && segment[1] == ':' && char.IsAsciiLetter(segment[0])))
        {
            return "it begins with a drive or with 'file:'";
        }

        if (Encoding.UTF8.GetByteCount(segment) > LongestSegmentBytes)
        {
            return $"it has a segment of more than {LongestSegmentBytes} bytes";
        }

        return OperatingSystem.IsWindows() && IsAnotherNameOnWindows(segment) ? "Windows would store it under another name" : null;
    }

    private static bool IsAnotherNameOnWindows(string segment) =>
        segment[^1] is ' ' or '.'
        || segment.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
        || segment.Split('.')[0].TrimEnd().ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL" or ['C', 'O', 'M', _] or ['L', 'P', 'T', _];

    private static bool IsWellFormed(string text)
    {
        for (var position = 0; position < text.Length; position++)
        {
            if (char.IsSurrogate(text[position]) && (position + 1 == text.Length || !char.IsSurrogatePair(text[position], text[++position])))
            {
                return false;
            }
        }

        return true;
    }
}
