using System.IO.Compression;

namespace Slipway.Serving.Pickles;

/// <summary>Scans a file that holds pickles in one of their forms. It never runs any of it, and needs memory that does not grow with the file.</summary>
internal static class PickleFile
{
    private const long UnpackedLimit = 8L << 30;

    /// <summary>Scans the file that can be read from this stream, which has to be seekable.</summary>
    public static PickleReport Scan(Stream stream, AllowedImports allowed)
    {
        var head = Head(stream);
        var scan = new PickleScan(allowed) { Form = FormOf(head) };
        scan.Try(() => Scan(scan, stream, head));
        return scan.Report();
    }

    /// <summary>Whether a file is worth a scan by its name or its first bytes, though nothing says that it is loaded.</summary>
    public static bool IsLikely(string path, ReadOnlySpan<byte> head) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PKL" or ".PICKLE" or ".P" or ".JOBLIB" or ".SAV" or ".PT" or ".PTH" or ".CKPT" or ".NPY" or ".NPZ" or ".DILL"
        || head is [0x80, <= 5, ..];

    public static byte[] Head(Stream stream)
    {
        var head = new byte[TarHeader.Length];
        stream.Position = 0;
        return head[..stream.ReadAtLeast(head, TarHeader.Length, throwOnEndOfStream: false)];
    }

    private static PickleForm FormOf(ReadOnlySpan<byte> head) => head switch
    {
        [0x78, ..] or [0x1f, 0x8b, ..] => PickleForm.Joblib,
        [0x93, (byte)'N', (byte)'U', ..] => PickleForm.Numpy,
        [(byte)'P', (byte)'K', 3, 4, ..] => PickleForm.Torch,
        _ => TorchFile.IsOldForm(head) ? PickleForm.Torch : PickleForm.Plain,
    };

    private static void Scan(PickleScan scan, Stream stream, byte[] head)
    {
        switch (FormOf(head))
        {
            case PickleForm.Torch when head[0] == 'P':
                ScanZip(scan, stream);
                return;
            case PickleForm.Torch:
                TorchFile.Scan(scan, new PickleReader(stream, 0, stream.Length));
                return;
            case PickleForm.Numpy:
                NumpyFile.Scan(scan, new PickleReader(stream, 0, stream.Length));
                return;
            case PickleForm.Joblib:
                ScanPacked(scan, stream, head);
                return;
            default:
                CheckPacking(head);
                ScanAll(scan, new PickleReader(stream, 0, stream.Length));
                return;
        }
    }

    private static void ScanZip(PickleScan scan, Stream stream)
    {
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true))
        {
            if (zip.Entries.Count > 0 && zip.Entries.All(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
            {
                scan.Form = PickleForm.Numpy;
                NumpyFile.ScanZip(scan, stream);
                return;
            }
        }

        TorchFile.ScanZip(scan, stream);
    }

    // Whoever loads one pickle may go on with the next.
    private static void ScanAll(PickleScan scan, PickleReader reader)
    {
        do
        {
            scan.One(reader, PickleForm.Joblib);
        }
        while (!reader.AtEnd);
    }

    private static void ScanPacked(PickleScan scan, Stream stream, byte[] head)
    {
        stream.Position = 0;
        using Stream unpacked = head[0] == 0x1f
            ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true)
            : new ZLibStream(stream, CompressionMode.Decompress, leaveOpen: true);
        scan.One(new PickleReader(unpacked, 0, UnpackedLimit), PickleForm.Joblib);
    }

    private static void CheckPacking(ReadOnlySpan<byte> head)
    {
        var packing = head switch
        {
            [(byte)'B', (byte)'Z', ..] => "bzip2",
            [0x5d, 0, ..] => "lzma",
            [0xfd, 0x37, 0x7a, ..] => "xz",
            [4, 0x22, 0x4d, 0x18, ..] => "lz4",
            [(byte)'Z', (byte)'F', ..] => "the packing of an old joblib",
            _ => null,
        };
        if (packing is not null)
        {
            throw new PickleRefusal($"it is packed with {packing}, which can't be looked into; zlib and gzip can", 0);
        }
    }
}
