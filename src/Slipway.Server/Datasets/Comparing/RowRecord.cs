using System.Buffers.Binary;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>
/// What is kept of a row to compare it: 16 bytes of the SHA-256 of what names it, and its number; and where key columns name
/// it, 16 bytes of the SHA-256 of all other values, and a fingerprint of each.
/// </summary>
internal readonly ref struct RowRecord(ReadOnlySpan<byte> bytes)
{
    public const int HashSize = 16;
    private const int RowAt = HashSize;
    private const int ValuesAt = RowAt + sizeof(long);
    private const int FingerprintsAt = ValuesAt + HashSize;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public UInt128 Name => BinaryPrimitives.ReadUInt128BigEndian(_bytes);

    public long Row => BinaryPrimitives.ReadInt64LittleEndian(_bytes[RowAt..]);

    public UInt128 Values => BinaryPrimitives.ReadUInt128BigEndian(_bytes[ValuesAt..]);

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static int Size(SharedColumns columns) => columns.Keys == 0 ? ValuesAt : FingerprintsAt + ((columns.Count - columns.Keys) * sizeof(ulong));

    public static void Write(Span<byte> record, ReadOnlySpan<byte> name, long row)
    {
        name[..HashSize].CopyTo(record);
        BinaryPrimitives.WriteInt64LittleEndian(record[RowAt..], row);
    }

    public static void WriteValues(Span<byte> record, ReadOnlySpan<byte> hash) => hash[..HashSize].CopyTo(record[ValuesAt..]);

    public static void WriteFingerprint(Span<byte> record, int column, ulong fingerprint) =>
        BinaryPrimitives.WriteUInt64LittleEndian(record[(FingerprintsAt + (column * sizeof(ulong)))..], fingerprint);

    /// <summary>The fingerprint of a column, counted from the first behind the keys.</summary>
    public ulong Fingerprint(int column) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(FingerprintsAt + (column * sizeof(ulong)))..]);
}
