using Slipway.Server.Content;

namespace Slipway.Server.Tests.Content;

/// <summary>A folder of packs that tells what was asked of it.</summary>
internal sealed class CountingBlobs(string folder) : IBlobs
{
    private readonly LocalBlobs _folder = new(folder);
    private long _bytesRead;

    public string Description => _folder.Description;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>What is done before a pack is put in its place.</summary>
    public Func<Task> BeforePut { get; set; } = () => Task.CompletedTask;

    public async Task PutAsync(string name, string file, CancellationToken cancellationToken)
    {
        await BeforePut();
        await _folder.PutAsync(name, file, cancellationToken);
    }

    public async Task<int?> ReadAsync(string name, long start, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _folder.ReadAsync(name, start, buffer, cancellationToken);
        Interlocked.Add(ref _bytesRead, read ?? 0);
        return read;
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _folder.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<Blob> ListAsync(CancellationToken cancellationToken) => _folder.ListAsync(cancellationToken);

    public void Dispose() => _folder.Dispose();
}
