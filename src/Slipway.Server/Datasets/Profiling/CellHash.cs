using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>The running SHA-256 of a column's cells in one type: a null is the byte 0; a value is the byte 1, its length, its bytes.</summary>
internal sealed class CellHash : IDisposable
{
    private const int HeaderSize = 1 + sizeof(uint);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // The hash is another library's and a call costs more than a short cell, so cells are gathered.
    private readonly byte[] _gathered = new byte[1024];
    private int _count;

    public void AddNull() => Next(1)[0] = 0;

    public void AddNulls(long count)
    {
        for (var i = 0L; i < count; i++)
        {
            AddNull();
        }
    }

    public void Add(ReadOnlySpan<byte> canonical)
    {
        if (HeaderSize + canonical.Length > _gathered.Length)
        {
            WriteHeader(Next(HeaderSize), canonical.Length);
            Flush();
            _hash.AppendData(canonical);
            return;
        }

        var cell = Next(HeaderSize + canonical.Length);
        WriteHeader(cell, canonical.Length);
        canonical.CopyTo(cell[HeaderSize..]);
    }

    public byte[] Finish()
    {
        Flush();
        return _hash.GetHashAndReset();
    }

    public void Dispose() => _hash.Dispose();

    private static void WriteHeader(Span<byte> cell, int length)
    {
        cell[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(cell[1..], (uint)length);
    }

    private Span<byte> Next(int length)
    {
        if (_count + length > _gathered.Length)
        {
            Flush();
        }

        _count += length;
        return _gathered.AsSpan(_count - length, length);
    }

    private void Flush()
    {
        _hash.AppendData(_gathered.AsSpan(0, _count));
        _count = 0;
    }
}
