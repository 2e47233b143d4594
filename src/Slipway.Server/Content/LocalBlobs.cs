using Slipway.Server.Artifacts;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Packs in a folder of this machine, or of a disk that all servers share.</summary>
internal sealed class LocalBlobs : IBlobs
{
    private readonly string _folder;

    public LocalBlobs(string folder)
    {
        _folder = Path.GetFullPath(folder);
        DurableFolders.Create(_folder);
    }

    public string Description => _folder;

    public Task PutAsync(string name, string file, CancellationToken cancellationToken)
    {
        try
        {
            File.Move(file, FileOf(name), overwrite: true);
            if (!OperatingSystem.IsWindows())
            {
                // Nothing is left to write, unless the folder is on another disk: then the file was copied.
                using var handle = File.OpenHandle(FileOf(name), FileMode.Open, FileAccess.ReadWrite);
                RandomAccess.FlushToDisk(handle);
            }

            DurableFolders.Flush(_folder);
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failing(exception);
        }
    }

    public async Task<int?> ReadAsync(string name, long start, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            using var handle = File.OpenHandle(FileOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var read = 0;
            while (read < buffer.Length && await RandomAccess.ReadAsync(handle, buffer[read..], start + read, cancellationToken) is var more and > 0)
            {
                read += more;
            }

            return read;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failing(exception);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(FileOf(name));
            return Task.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failing(exception);
        }
    }

    public async IAsyncEnumerable<Blob> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Describe(file) is { } blob)
            {
                yield return blob;
            }
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private static Blob? Describe(FileInfo file)
    {
        try
        {
            return new Blob(file.Name, file.Length);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static Fault Failing(Exception exception) => Fault.Unavailable("The disk that holds the stored content is full or failing.", exception);

    private string FileOf(string name) => Path.Join(_folder, name);
}
