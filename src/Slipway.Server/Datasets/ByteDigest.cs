using Slipway.Server.Artifacts;

namespace Slipway.Server.Datasets;

/// <summary>One digest for the bytes of a version: of a single file its SHA-256, of several files or a folder that of their manifest.</summary>
internal static class ByteDigest
{
    private const int ShortLength = 16;

    public static string OfFiles(IEnumerable<ManifestFile> files) => Manifest.Of(files).Digest;

    /// <summary>The first hex digits, for people: what courses on MLflow call the hash of a frame.</summary>
    public static string Shorten(string digest) => digest[..ShortLength];
}
