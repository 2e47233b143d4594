using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Serving.Gateway.Journals;

/// <summary>The records of one day's requests, each at its number.</summary>
internal sealed class DayFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private long _next;

    private DayFile(SafeFileHandle file, ushort day)
    {
        (_file, Day) = (file, day);
        _next = (RandomAccess.GetLength(file) + RequestRecord.Size - 1) / RequestRecord.Size;
    }

    public ushort Day { get; }

    public static DayFile Open(string folder, ushort day) => new(File.OpenHandle(PathOf(folder, day), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite), day);

    public static DayFile? TryReopen(string folder, ushort day) => File.Exists(PathOf(folder, day)) ? Open(folder, day) : null;

    public long TakeNumber() => Interlocked.Increment(ref _next) - 1;

    public void Write(long number, ReadOnlySpan<byte> record) => RandomAccess.Write(_file, record, number * RequestRecord.Size);

    public bool TryRead(long number, Span<byte> record) => RandomAccess.Read(_file, record, number * RequestRecord.Size) == record.Length;

    public bool Mark(long number)
    {
        RandomAccess.Write(_file, [1], (number * RequestRecord.Size) + RequestRecord.MarkAt);
        return true;
    }

    public void Dispose() => _file.Dispose();

    private static string PathOf(string folder, ushort day) => Path.Join(folder, string.Create(CultureInfo.InvariantCulture, $"{day}.requests"));
}
