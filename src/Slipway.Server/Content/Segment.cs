using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Content;

/// <summary>A stretch of an object: the chunks from a position on.</summary>
internal sealed record Segment(long Start, byte[] Parts, string Seal)
{
    public static Segment Of(long objectId, long start, IReadOnlyList<Part> parts)
    {
        var bytes = Part.Encode(parts);
        return new Segment(start, bytes, SealOf(objectId, start, bytes));
    }

    /// <summary>Whether it is what was once written for this object.</summary>
    public bool IsTrueOf(long objectId) => string.Equals(Seal, SealOf(objectId, Start, Parts), StringComparison.Ordinal);

    private static string SealOf(long objectId, long start, byte[] parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"segment {objectId} {start}\n")));
        hash.AppendData(parts);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
