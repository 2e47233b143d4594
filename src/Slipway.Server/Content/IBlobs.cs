namespace Slipway.Server.Content;

/// <summary>Where packs are kept: blobs that are written once, whole, and never changed.</summary>
internal interface IBlobs : IDisposable
{
    /// <summary>Where that is, for people.</summary>
    string Description { get; }

    /// <summary>Keeps a finished file under a name. When this returns, it is durable.</summary>
    /// <exception cref="Store.Fault">It can't be kept now.</exception>
    Task PutAsync(string name, string file, CancellationToken cancellationToken);

    /// <summary>Fills the buffer from a position on, and answers how much there was; null when there is no such blob.</summary>
    Task<int?> ReadAsync(string name, long start, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Removes a blob; nothing happens when there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>All names and sizes, in no order.</summary>
    IAsyncEnumerable<Blob> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A kept blob.</summary>
internal sealed record Blob(string Name, long Size);
