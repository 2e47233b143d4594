using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Content;

/// <summary>Known content: all of a file.</summary>
internal sealed record ContentObject(long Id, string Sha256, long Size, string Seal)
{
    public static ContentObject Of(long id, string sha256, long size) => new(id, sha256, size, SealOf(id, sha256, size));

    /// <summary>Whether the row is what was once written.</summary>
    public bool IsTrue => string.Equals(Seal, SealOf(Id, Sha256, Size), StringComparison.Ordinal);

    private static string SealOf(long id, string sha256, long size) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"object {id} {sha256} {size}\n"))));
}
