using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Slipway.Serving.Pickles;

/// <summary>What <c>torch.load</c> reads: a zip with one pickle in it, or, from of old, five pickles and raw numbers.</summary>
internal static partial class TorchFile
{
    // The magic number in front of the old form, as a pickle of protocol 2.
    private static readonly byte[] _magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    private const int PicklesOfOldForm = 5;
    private const int EndRecordLength = 22;

    public static bool IsOldForm(ReadOnlySpan<byte> head) => head.StartsWith(_magic);

    /// <summary>The old form.</summary>
    public static void Scan(PickleScan scan, PickleReader reader)
    {
        CheckTar(reader);
        if (!reader.Take(new byte[_magic.Length]).SequenceEqual(_magic))
        {
            throw new PickleRefusal("it is no file of torch", reader.Position);
        }

        // After these lie raw numbers only.
        for (var i = 1; i < PicklesOfOldForm; i++)
        {
            scan.One(reader, PickleForm.Torch);
        }
    }

    /// <summary>The form of today. Two readers need not agree on an unusual zip, so only what torch writes passes.</summary>
    public static void ScanZip(PickleScan scan, Stream stream)
    {
        CheckEnd(stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var root = CheckNames(zip);
        var entry = zip.GetEntry(root + "/data.pkl") ?? throw new PickleRefusal("it is no file of torch: data.pkl is not in it", 0);
        using var pickle = entry.Open();
        var reader = new PickleReader(pickle, 0, entry.Length);
        scan.One(reader, PickleForm.Torch);
        if (!reader.AtEnd)
        {
            throw new PickleRefusal("bytes follow on the pickle", reader.Position);
        }
    }

    // torch.load tries a tar first.
    private static void CheckTar(PickleReader reader)
    {
        var head = new byte[TarHeader.Length];
        reader.Stream.Position = reader.Position;
        if (reader.Stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && TarHeader.Begins(head))
        {
            throw new PickleRefusal("it is a tar as well", reader.Position);
        }
    }

    private static string CheckNames(ZipArchive zip)
    {
        var root = zip.Entries.Count > 0 ? zip.Entries[0].FullName.Split('/')[0] : "";
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in zip.Entries)
        {
            if (!entry.FullName.StartsWith(root + "/", StringComparison.Ordinal) || !Known().IsMatch(entry.FullName[(root.Length + 1)..]))
            {
                throw new PickleRefusal($"'{entry.FullName}' in it is nothing that torch.save writes", 0);
            }

            if (!seen.Add(entry.FullName))
            {
                throw new PickleRefusal($"'{entry.FullName}' is in it twice", 0);
            }
        }

        return root;
    }

    // A comment behind the directory could hold another directory.
    private static void CheckEnd(Stream stream)
    {
        Span<byte> end = stackalloc byte[EndRecordLength];
        stream.Position = Math.Max(0, stream.Length - EndRecordLength);
        if (stream.ReadAtLeast(end, EndRecordLength, throwOnEndOfStream: false) < EndRecordLength || !end.StartsWith("PK\x05\x06"u8) || end[^2] != 0 || end[^1] != 0)
        {
            throw new PickleRefusal("it is no zip as torch writes it", stream.Length);
        }
    }

    // TorchScript (code/, constants.pkl) is code.
    [GeneratedRegex(@"^(data\.pkl|version|byteorder|data/[0-9]+|\.data/serialization_id|\.format_version|\.storage_alignment)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Known();
}
