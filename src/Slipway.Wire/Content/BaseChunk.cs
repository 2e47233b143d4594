using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Slipway.Wire.Content;

/// <summary>A chunk of a content, as <c>GET uploads/{id}/base</c> lists them, one behind the other.</summary>
/// <param name="Length">How many bytes it is.</param>
/// <param name="Sha256">What they hash to, in hex.</param>
/// <remarks>In the list it is the length as 32 bits, little-endian, and the 32 bytes of the hash.</remarks>
public sealed record BaseChunk(int Length, string Sha256)
{
    /// <summary>How long it is in the list.</summary>
    public const int EncodedLength = sizeof(int) + SHA256.HashSizeInBytes;

    /// <summary>Writes it.</summary>
    /// <param name="place">As long as it is in the list.</param>
    public void Write(Span<byte> place)
    {
        BinaryPrimitives.WriteInt32LittleEndian(place, Length);
        Convert.FromHexString(Sha256, place[sizeof(int)..], out _, out _);
    }

    /// <summary>Reads it.</summary>
    /// <param name="place">As long as it is in the list.</param>
    public static BaseChunk Read(ReadOnlySpan<byte> place) =>
        new(BinaryPrimitives.ReadInt32LittleEndian(place), Convert.ToHexStringLower(place.Slice(sizeof(int), SHA256.HashSizeInBytes)));
}
