using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Slipway.Serving.Gateway.Journals;

/// <summary>Names a request: where its record lies, and something that nobody can guess.</summary>
/// <param name="Day">Days since 1970, which name the file.</param>
/// <param name="Number">The number of the record in it, below 2^40.</param>
/// <param name="Nonce">By chance; has to equal the record's.</param>
/// <param name="Tail">More of it: 80 bits together.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RequestId(ushort Day, long Number, ulong Nonce, ushort Tail)
{
    private const int Bytes = 17;

    [ThreadStatic]
    private static byte[]? _randomness;

    [ThreadStatic]
    private static int _used;

    /// <summary>A number from 0 to 1 that decides where a request goes.</summary>
    public double Chance => (Nonce >> 11) * (1.0 / (1ul << 53));

    public static RequestId Make(ushort day, long number)
    {
        // Asking the system for ten bytes costs as much as for a thousand.
        var randomness = _randomness ??= new byte[1000];
        if (_used % randomness.Length == 0)
        {
            System.Security.Cryptography.RandomNumberGenerator.Fill(randomness);
            _used = 0;
        }

        var own = randomness.AsSpan(_used, 10);
        _used += 10;
        return new RequestId(day, number, BinaryPrimitives.ReadUInt64LittleEndian(own), BinaryPrimitives.ReadUInt16LittleEndian(own[8..]));
    }

    public static bool TryParse(string? text, out RequestId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Bytes + 3];
        if (text is not { Length: 23 } || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Bytes)
        {
            return false;
        }

        id = new RequestId(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            ((long)bytes[2] << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[3..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[7..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[15..]));
        return true;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Day);
        bytes[2] = (byte)(Number >> 32);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[3..], (uint)Number);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[7..], Nonce);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[15..], Tail);
        return Base64Url.EncodeToString(bytes);
    }
}
