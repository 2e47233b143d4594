using System.Buffers;
using System.Security.Cryptography;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>An upload under way, in a place where nobody looks. It is gone when disposed, unless it was moved from there.</summary>
internal sealed class IncomingFile : IAsyncDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly FileStream _stream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private IncomingFile(FileStream stream) => _stream = stream;

    public string FullPath => _stream.Name;

    public long Size { get; private set; }

    /// <summary>Takes all of the body, with one buffer.</summary>
    public static async Task<IncomingFile> ReceiveAsync(string folder, Stream body, CancellationToken cancellationToken)
    {
        var file = new IncomingFile(Create(folder));
        try
        {
            await file.CopyAsync(body, cancellationToken);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts the file on disk with the given time, closes it and answers its SHA-256.</summary>
    public string Seal(long modifiedAt)
    {
        try
        {
            File.SetLastWriteTimeUtc(_stream.SafeFileHandle, DateTime.UnixEpoch.AddTicks(modifiedAt));
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }
        catch (IOException exception)
        {
            throw CantStore(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _hash.Dispose();
        File.Delete(FullPath);
    }

    /// <summary>The disk does not take the file now.</summary>
    internal static Fault CantStore(Exception exception) => Fault.Unavailable("The artifact can't be stored: the server's disk is full or failing.", exception);

    private static FileStream Create(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(Path.Join(folder, Guid.CreateVersion7().ToString()), options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CantStore(exception);
        }
    }

    private async Task CopyAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            // What fails while reading is the client's; what fails while writing is our disk's.
            while (await body.ReadAtLeastAsync(buffer.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false, cancellationToken) is var read and > 0)
            {
                await WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw CantStore(exception);
        }

        Size += bytes.Length;
    }
}
