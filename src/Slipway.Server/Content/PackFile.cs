using Slipway.Server.Artifacts;

namespace Slipway.Server.Content;

/// <summary>A pack that is being filled, in a place where nobody looks. It is gone when disposed, unless it was moved from there.</summary>
internal sealed class PackFile : IDisposable
{
    private const int BufferSize = 128 << 10;

    private readonly FileStream _stream;

    private PackFile(FileStream stream) => _stream = stream;

    public string FullPath => _stream.Name;

    public long Length { get; private set; }

    /// <exception cref="Store.Fault">The disk takes no file.</exception>
    public static PackFile Create(string folder)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = BufferSize };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new PackFile(Guarded(() => new FileStream(Path.Join(folder, Guid.CreateVersion7().ToString()), options)));
    }

    /// <summary>Adds bytes and answers where they begin.</summary>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        var start = Length;
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException exception)
        {
            throw DiskFault.CantStore(exception);
        }

        Length += bytes.Length;
        return start;
    }

    /// <summary>Waits until all of it is on disk, and closes it.</summary>
    public void Seal() => Guarded(() =>
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        return true;
    });

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // What could not be written is not wanted any more.
        }

        File.Delete(FullPath);
    }

    private static T Guarded<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DiskFault.CantStore(exception);
        }
    }
}
