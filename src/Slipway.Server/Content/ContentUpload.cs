using System.Security.Cryptography;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Content on its way in.</summary>
/// <remarks>
/// 1. The body is cut into chunks, and each is hashed. 2. Those that nobody has stored go into a pack. 3. A full pack is made
/// durable, and only then its chunks are written down, so that whatever is in the index is on disk. 4. At the end the object
/// is written down, in one transaction with what refers to it. Until then nobody sees any of it but as chunks to build upon;
/// after a crash the next upload of the same content finds those that were written down.
/// </remarks>
internal sealed class ContentUpload : IAsyncDisposable
{
    private const long PackSize = 64 << 20;
    private const int MostFresh = 4096;
    private const int MostParts = 8192;
    private const int SegmentParts = 1024;

    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(10);

    private readonly ContentStore _store;
    private readonly string _lease;
    private readonly ChunkPress _press;
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, FreshChunk> _fresh = new(StringComparer.Ordinal);
    private readonly List<Part> _parts = [];

    private PackFile _pack;
    private int _packs;
    private DateTimeOffset _renewedAt;
    private long _object;
    private long _writtenDown;
    private long _size;
    private bool _isComplete;

    private ContentUpload(ContentStore store, string lease)
    {
        (_store, _lease, _press) = (store, lease, new ChunkPress(store.Settings.Compresses));
        _renewedAt = Now;
        _pack = PackFile.Create(store.Settings.SpoolFolder);
    }

    private DateTimeOffset Now => _store.Settings.Time.GetUtcNow();

    public static async Task<ContentUpload> BeginAsync(ContentStore store, CancellationToken cancellationToken)
    {
        var upload = new ContentUpload(store, Guid.CreateVersion7().ToString("n"));
        try
        {
            await upload.WriteAsync((writer, token) => ContentLeases.BeginAsync(writer, upload._lease, upload.Now, token), cancellationToken);
            return upload;
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes in all of a body, in constant memory.</summary>
    /// <exception cref="Fault">The disk or the database does not take it.</exception>
    public async Task ReceiveAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reader = new ChunkReader(body);
        var working = Task.CompletedTask;
        try
        {
            while (await reader.NextAsync(cancellationToken) is { } batch)
            {
                await working;
                working = Task.Run(() => TakeAsync(batch, cancellationToken), CancellationToken.None);
            }
        }
        finally
        {
            // Its buffer is not given back before it has let go of it.
            await working;
        }
    }

    /// <summary>Writes the content down, together with what refers to it. When this returns, both are on disk.</summary>
    /// <param name="refer">Writes what refers to the content. It may be called again after a rollback.</param>
    public async Task<StoredContent> CompleteAsync(Func<Writer, StoredContent, CancellationToken, Task> refer)
    {
        var stored = new StoredContent(Convert.ToHexStringLower(_whole.GetHashAndReset()), _size);
        var pack = await KeepPackAsync(CancellationToken.None);
        await _store.Ingest.WriteAsync(
            async (writer, token) =>
            {
                await ContentLeases.CompleteAsync(writer, _lease, token);
                var entry = await WriteChunksAsync(writer, pack, token);
                var known = await ContentObjects.AddAsync(writer, ContentObject.Of(entry.Object, stored.Sha256, stored.Size), Now.ToUnixTimeMilliseconds(), token);
                await (known == entry.Object ? WriteSegmentsAsync(writer, entry, token) : ContentObjects.RemoveSegmentsAsync(writer, entry.Object, token));
                await refer(writer, stored, token);
                return known;
            },
            CancellationToken.None);
        _isComplete = true;
        return stored;
    }

    public async ValueTask DisposeAsync()
    {
        _pack.Dispose();
        _whole.Dispose();
        if (_isComplete)
        {
            return;
        }

        try
        {
            await WriteAsync((writer, token) => ContentLeases.EndAsync(writer, _lease, token), CancellationToken.None);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Unavailable)
        {
            // Then it ends by itself, when it expires.
        }
    }

    private async Task TakeAsync(ChunkBatch batch, CancellationToken cancellationToken)
    {
        var whole = Task.Run(() => _whole.AppendData(batch.Bytes.Span), CancellationToken.None);
        var chunks = Hash(batch);
        await whole;
        _size += batch.Bytes.Length;

        var unknown = chunks.Select(chunk => chunk.Sha256).Where(hash => !_fresh.ContainsKey(hash)).Distinct().ToList();
        var known = unknown.Count == 0 ? [] : await _store.Database.ReadAsync(reader => ContentChunks.FindAsync(reader, unknown, cancellationToken), cancellationToken);
        foreach (var (bytes, sha256) in chunks)
        {
            if (!known.TryGetValue(sha256, out var id) && !_fresh.ContainsKey(sha256))
            {
                Store(bytes.Span, sha256);
            }

            _parts.Add(new Part(id, bytes.Length, sha256));
        }

        if (_pack.Length >= PackSize || _fresh.Count >= MostFresh || _parts.Count >= MostParts)
        {
            await FlushAsync(cancellationToken);
        }
        else if (Now - _renewedAt > RenewAfter)
        {
            await WriteAsync((writer, token) => ContentLeases.HoldAsync(writer, _lease, Now, token), cancellationToken);
            _renewedAt = Now;
        }
    }

    private static List<(ReadOnlyMemory<byte> Bytes, string Sha256)> Hash(ChunkBatch batch)
    {
        var chunks = new List<(ReadOnlyMemory<byte>, string)>(batch.Lengths.Count);
        var start = 0;
        foreach (var length in batch.Lengths)
        {
            var bytes = batch.Bytes.Slice(start, length);
            chunks.Add((bytes, Convert.ToHexStringLower(SHA256.HashData(bytes.Span))));
            start += length;
        }

        return chunks;
    }

    private void Store(ReadOnlySpan<byte> bytes, string sha256)
    {
        var stored = _press.Press(bytes, out var codec);
        _fresh.Add(sha256, new FreshChunk(sha256, _pack.Append(stored), stored.Length, codec, bytes.Length));
    }

    /// <summary>Writes down what has come so far, so that it need not be remembered.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var pack = await KeepPackAsync(cancellationToken);
        var entry = await _store.Ingest.WriteAsync(
            async (writer, token) =>
            {
                await ContentLeases.HoldAsync(writer, _lease, Now, token);
                var entry = await WriteChunksAsync(writer, pack, token);
                await ContentLeases.BindAsync(writer, _lease, entry.Object, token);
                await WriteSegmentsAsync(writer, entry, token);
                return entry;
            },
            CancellationToken.None);
        (_object, _writtenDown, _renewedAt) = (entry.Object, _size, Now);
        _parts.Clear();
        _fresh.Clear();
        if (pack is not null)
        {
            _pack.Dispose();
            _pack = PackFile.Create(_store.Settings.SpoolFolder);
        }
    }

    /// <summary>Makes the pack durable, if anything is in it.</summary>
    private async Task<Blob?> KeepPackAsync(CancellationToken cancellationToken)
    {
        if (_pack.Length == 0)
        {
            return null;
        }

        var blob = new Blob(_store.NameOf(_lease, _packs++), _pack.Length);
        _pack.Seal();
        await _store.Blobs.PutAsync(blob.Name, _pack.FullPath, cancellationToken);
        return blob;
    }

    private async Task<Entry> WriteChunksAsync(Writer writer, Blob? pack, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, long>();
        if (pack is not null)
        {
            var packId = await ContentPacks.AddAsync(writer, pack.Name, pack.Size, Now.ToUnixTimeMilliseconds(), cancellationToken);
            ids = await ContentChunks.AddAsync(writer, packId, _fresh.Values, cancellationToken);
        }

        var objectId = _object > 0 ? _object : await writer.TakeIdsAsync("content_objects", 1, cancellationToken);
        return new Entry(objectId, [.. _parts.Select(part => part.Chunk > 0 ? part : part with { Chunk = ids[part.Sha256] })]);
    }

    private async Task WriteSegmentsAsync(Writer writer, Entry entry, CancellationToken cancellationToken)
    {
        var start = _writtenDown;
        foreach (var parts in entry.Parts.Chunk(SegmentParts))
        {
            await ContentObjects.AddSegmentAsync(writer, entry.Object, Segment.Of(entry.Object, start, parts), cancellationToken);
            start += parts.Sum(part => (long)part.Length);
        }
    }

    private Task<bool> WriteAsync(Func<Writer, CancellationToken, Task> write, CancellationToken cancellationToken) => _store.Ingest.WriteAsync(
        async (writer, token) =>
        {
            await write(writer, token);
            return true;
        },
        cancellationToken);

    private sealed record Entry(long Object, IReadOnlyList<Part> Parts);
}
