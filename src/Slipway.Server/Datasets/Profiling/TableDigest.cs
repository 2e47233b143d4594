using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>
/// One digest for a table's typed values, whatever file they are written in. <c>docs/datasets.md</c> specifies it for others
/// to compute; a change of any byte here is a new version of the digest, and the old one has to stay.
/// </summary>
internal static class TableDigest
{
    public static string Of(long rows, IReadOnlyList<ColumnProfile> columns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("slipway-table-1\n"u8);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(number, (ulong)rows);
        hash.AppendData(number);
        AppendLength(hash, columns.Count);
        foreach (var column in columns)
        {
            AppendText(hash, column.Name);
            AppendText(hash, column.Type.Name());
            hash.AppendData(column.CellsDigest);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendLength(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendLength(IncrementalHash hash, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)length);
        hash.AppendData(bytes);
    }
}
