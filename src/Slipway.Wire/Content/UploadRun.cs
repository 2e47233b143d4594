using System.Buffers.Binary;

namespace Slipway.Wire.Content;

/// <summary>A stretch of an upload (<c>PUT uploads/{id}/runs</c>): bytes that follow its header, or bytes that the base has.</summary>
/// <param name="Length">How many bytes of the content it is; more than 0.</param>
/// <param name="BaseStart">Where they are in the base; null when they follow.</param>
/// <remarks>The header is one byte, 0 for bytes that follow and 1 for bytes of the base, and both numbers as 64 bits, little-endian.</remarks>
public sealed record UploadRun(long Length, long? BaseStart)
{
    /// <summary>How long the header is.</summary>
    public const int HeaderLength = 1 + (2 * sizeof(long));

    /// <summary>Writes the header.</summary>
    /// <param name="header">As long as a header is.</param>
    public void Write(Span<byte> header)
    {
        header[0] = (byte)(BaseStart is null ? 0 : 1);
        BinaryPrimitives.WriteInt64LittleEndian(header[1..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[(1 + sizeof(long))..], BaseStart ?? 0);
    }

    /// <summary>Reads a header; null when it is none.</summary>
    /// <param name="header">As long as a header is.</param>
    public static UploadRun? TryRead(ReadOnlySpan<byte> header)
    {
        var (length, start) = (BinaryPrimitives.ReadInt64LittleEndian(header[1..]), BinaryPrimitives.ReadInt64LittleEndian(header[(1 + sizeof(long))..]));
        return length <= 0 || start < 0 || header[0] > 1 ? null : new UploadRun(length, header[0] == 0 ? null : start);
    }
}
