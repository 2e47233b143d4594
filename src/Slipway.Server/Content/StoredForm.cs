using System.Buffers.Binary;
using System.Data.Common;
using System.Numerics;
using System.Security.Cryptography;

namespace Slipway.Server.Content;

/// <summary>How a chunk lies in its pack.</summary>
/// <param name="Codec">How its bytes became what is stored.</param>
/// <param name="Checksum">The CRC-32C of what is stored: what was damaged is found before anything tries to make sense of it.</param>
internal sealed record StoredForm(ChunkCodec Codec, long Checksum)
{
    public static StoredForm Of(ReadOnlySpan<byte> stored, ChunkCodec codec) => new(codec, Sum(stored));

    /// <summary>Reads two columns.</summary>
    public static StoredForm Map(DbDataReader row, int codec, int checksum) => new((ChunkCodec)row.GetInt64(codec), row.GetInt64(checksum));

    /// <summary>Puts the chunk's own bytes into the destination, which is just as long; false when they are not what they were.</summary>
    public bool TryRestore(ReadOnlySpan<byte> stored, Span<byte> destination, string sha256)
    {
        if (Sum(stored) != Checksum || !ChunkPress.TryRestore(stored, Codec, destination))
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        Convert.FromHexString(sha256, expected, out _, out _);
        SHA256.HashData(destination, actual);
        return actual.SequenceEqual(expected);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return ~sum;
    }
}
