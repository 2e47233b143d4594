using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Slipway.Server.Content;

/// <summary>One chunk of an object.</summary>
/// <param name="Chunk">Its id in the index.</param>
/// <param name="Length">How many bytes of the object it is.</param>
/// <param name="Sha256">What these bytes hash to, in hex.</param>
internal readonly record struct Part(long Chunk, int Length, string Sha256)
{
    private const int Size = sizeof(long) + sizeof(int) + SHA256.HashSizeInBytes;

    /// <summary>Each as its id, its length (both little-endian) and its hash.</summary>
    public static byte[] Encode(IReadOnlyList<Part> parts)
    {
        var bytes = new byte[parts.Count * Size];
        for (var i = 0; i < parts.Count; i++)
        {
            var place = bytes.AsSpan(i * Size, Size);
            BinaryPrimitives.WriteInt64LittleEndian(place, parts[i].Chunk);
            BinaryPrimitives.WriteInt32LittleEndian(place[sizeof(long)..], parts[i].Length);
            Convert.FromHexString(parts[i].Sha256, place[^SHA256.HashSizeInBytes..], out _, out _);
        }

        return bytes;
    }

    public static List<Part> Decode(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<Part>(bytes.Length / Size);
        for (; bytes.Length >= Size; bytes = bytes[Size..])
        {
            parts.Add(new Part(
                BinaryPrimitives.ReadInt64LittleEndian(bytes),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(long)..]),
                Convert.ToHexStringLower(bytes.Slice(sizeof(long) + sizeof(int), SHA256.HashSizeInBytes))));
        }

        return parts;
    }

    /// <summary>Only the ids: what a sweep needs to know of an object.</summary>
    public static void EachChunk(ReadOnlySpan<byte> bytes, Action<long> take)
    {
        for (; bytes.Length >= Size; bytes = bytes[Size..])
        {
            take(BinaryPrimitives.ReadInt64LittleEndian(bytes));
        }
    }
}
