using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Slipway.Serving.Pickles;

/// <summary>What <c>numpy.load</c> reads: an array, which is a pickle if it holds objects, or a zip of arrays.</summary>
internal static partial class NumpyFile
{
    private const int HeaderLimit = 1 << 16;

    private static readonly byte[] _magic = [0x93, .. "NUMPY"u8];

    public static void Scan(PickleScan scan, PickleReader reader)
    {
        if (!reader.Take(new byte[6]).SequenceEqual(_magic) || reader.Byte() is not (var major and (1 or 2 or 3)))
        {
            throw new PickleRefusal("it is no array of numpy", reader.Position);
        }

        reader.Byte();
        var length = major == 1 ? reader.UInt16() : reader.UInt32();
        if (length > HeaderLimit)
        {
            throw new PickleRefusal("the header of its array is too long", reader.Position);
        }

        if (!Numbers().IsMatch(System.Text.Encoding.Latin1.GetString(reader.Take(new byte[length]))))
        {
            scan.One(reader, PickleForm.Plain);
        }
    }

    public static void ScanZip(PickleScan scan, Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            using var array = entry.Open();
            Scan(scan, new PickleReader(array, 0, entry.Length));
        }
    }

    [GeneratedRegex(@"^\{'descr': '[<>|=][biufcSUV?mM][0-9]+(\[[a-zA-Z0-9]+\])?', 'fortran_order': (True|False), 'shape': \([0-9, ]*\), \} *\n?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
