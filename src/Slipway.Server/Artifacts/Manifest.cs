using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Artifacts;

/// <summary>What a file or a folder of the store consists of.</summary>
/// <param name="Files">In the order of their names' code points.</param>
/// <param name="Digest">
/// The SHA-256 of one line per file: its SHA-256 in hex, two blanks, its name, a line end. That is what
/// <c>find -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum</c> prints in the folder.
/// </param>
internal sealed record Manifest(IReadOnlyList<ManifestFile> Files, string Digest)
{
    public static Manifest Of(IEnumerable<ManifestFile> files)
    {
        var sorted = files.OrderBy(file => file.Path, CodePointOrder.Instance).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in sorted)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256}  {file.Path}\n"));
        }

        return new Manifest(sorted, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

/// <summary>One file of a manifest, named from the folder that the manifest is of.</summary>
internal sealed record ManifestFile(string Path, long Size, string Sha256);
