using System.Buffers;
using System.Security.Cryptography;
using Slipway.Store;
using Slipway.Wire.Content;

namespace Slipway.Server.Content;

/// <summary>Takes in the bytes of one object, from a position on: cuts, hashes, stores what nobody has stored, and writes it down piece by piece.</summary>
/// <remarks>
/// A full pack is made durable, and only then its chunks are written down, so that whatever is in the index is on disk. The
/// mark is made in each transaction that writes down; it renews the lease.
/// </remarks>
internal sealed class ContentIntake(ContentStore store, string lease, IntakePoint from, Func<Writer, IntakeStep, CancellationToken, Task> mark) : IDisposable
{
    private const long PackSize = 64 << 20;
    private const int MostFresh = 4096;
    private const int MostParts = 8192;
    private const int SegmentParts = 1024;

    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(10);

    private readonly ChunkPress _press = new(store.Settings.Compresses);
    private readonly Dictionary<string, FreshChunk> _fresh = new(StringComparer.Ordinal);
    private readonly List<Part> _parts = [];
    private readonly byte[] _room = ArrayPool<byte>.Shared.Rent(ChunkReader.LargestBatch);

    private PackFile _pack = PackFile.Create(store.Settings.SpoolFolder);
    private IntakePoint _written = from;
    private DateTimeOffset _renewedAt = store.Settings.Time.GetUtcNow();

    /// <summary>How much has come, with what came before.</summary>
    public long Size { get; private set; } = from.Size;

    private DateTimeOffset Now => store.Settings.Time.GetUtcNow();

    /// <summary>Takes in all of a body, in constant memory.</summary>
    /// <param name="body">What comes next.</param>
    /// <param name="whole">Takes it, too.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="Fault">The disk or the database does not take it.</exception>
    public async Task ReceiveAsync(Stream body, IncrementalHash? whole, CancellationToken cancellationToken)
    {
        using var reader = new ChunkReader(body);
        var working = Task.CompletedTask;
        try
        {
            while (await reader.NextAsync(cancellationToken) is { } batch)
            {
                await working;
                working = Task.Run(() => TakeAsync(batch, whole, cancellationToken), CancellationToken.None);
            }
        }
        finally
        {
            // Its buffer is not given back before it has let go of it.
            await working;
        }
    }

    /// <summary>Takes chunks that are stored already, and stay as long as the lease.</summary>
    public async Task AppendAsync(IReadOnlyList<Part> parts, CancellationToken cancellationToken)
    {
        _parts.AddRange(parts);
        Size += parts.Sum(part => (long)part.Length);
        await WriteDownIfDueAsync(cancellationToken);
    }

    /// <summary>Writes down what has come so far, so that it need not be remembered.</summary>
    public async Task<IntakePoint> FlushAsync(CancellationToken cancellationToken)
    {
        var pack = await KeepPackAsync(cancellationToken);
        _written = await store.Ingest.WriteAsync(
            async (writer, token) =>
            {
                // First the mark: whoever comes too late finds that out by it.
                var point = await PointAsync(writer, token);
                await mark(writer, new IntakeStep(_written, point), token);
                await WriteDownAsync(writer, point, pack, token);
                return point;
            },
            CancellationToken.None);
        _renewedAt = Now;
        _parts.Clear();
        _fresh.Clear();
        if (pack is not null)
        {
            _pack.Dispose();
            _pack = PackFile.Create(store.Settings.SpoolFolder);
        }

        return _written;
    }

    /// <summary>Makes the last pack durable. What is answered writes the rest down, in a transaction of the caller's that may be repeated.</summary>
    public async Task<Func<Writer, CancellationToken, Task<IntakePoint>>> FinishAsync()
    {
        var pack = await KeepPackAsync(CancellationToken.None);
        return async (writer, token) =>
        {
            var point = await PointAsync(writer, token);
            await WriteDownAsync(writer, point, pack, token);
            return point;
        };
    }

    public void Dispose()
    {
        _pack.Dispose();
        ArrayPool<byte>.Shared.Return(_room);
    }

    private async Task TakeAsync(ChunkBatch batch, IncrementalHash? whole, CancellationToken cancellationToken)
    {
        var work = new ChunkWork(batch, _room);
        await work.HashAsync(whole);
        var unknown = work.Hashes.Where(hash => !_fresh.ContainsKey(hash)).Distinct().ToList();
        var known = unknown.Count == 0 ? [] : await store.Database.ReadAsync(reader => ContentChunks.FindAsync(reader, unknown, cancellationToken), cancellationToken);
        await StoreAsync(work, unknown, known);
        for (var i = 0; i < work.Hashes.Count; i++)
        {
            _parts.Add(new Part(known.GetValueOrDefault(work.Hashes[i]), work.LengthOf(i), work.Hashes[i]));
        }

        Size += batch.Bytes.Length;
        await WriteDownIfDueAsync(cancellationToken);
    }

    private async Task StoreAsync(ChunkWork work, IReadOnlyList<string> unknown, Dictionary<string, long> known)
    {
        var wanted = unknown.Where(hash => !known.ContainsKey(hash)).ToHashSet(StringComparer.Ordinal);
        var chunks = Enumerable.Range(0, work.Hashes.Count).Where(i => wanted.Remove(work.Hashes[i])).ToList();
        await work.PressAsync(chunks, _press);
        foreach (var i in chunks)
        {
            var stored = work.StoredOf(i, out var codec);
            _fresh.Add(work.Hashes[i], new FreshChunk(work.Hashes[i], _pack.Append(stored), stored.Length, StoredForm.Of(stored, codec), work.LengthOf(i)));
        }
    }

    private async Task WriteDownIfDueAsync(CancellationToken cancellationToken)
    {
        if (_pack.Length >= PackSize || _fresh.Count >= MostFresh || _parts.Count >= MostParts)
        {
            await FlushAsync(cancellationToken);
        }
        else if (Now - _renewedAt > RenewAfter)
        {
            await store.Ingest.WriteAsync(
                async (writer, token) =>
                {
                    await mark(writer, new IntakeStep(_written, _written), token);
                    return true;
                },
                cancellationToken);
            _renewedAt = Now;
        }
    }

    /// <summary>Makes the pack durable, if anything is in it.</summary>
    private async Task<Blob?> KeepPackAsync(CancellationToken cancellationToken)
    {
        if (_pack.Length == 0)
        {
            return null;
        }

        var blob = new Blob(store.NewName(lease), _pack.Length);
        _pack.Seal();
        await store.Blobs.PutAsync(blob.Name, _pack.FullPath, cancellationToken);
        return blob;
    }

    private async Task<IntakePoint> PointAsync(Writer writer, CancellationToken cancellationToken) =>
        new(_written.Object > 0 ? _written.Object : await writer.TakeIdsAsync("content_objects", 1, cancellationToken), Size);

    private async Task WriteDownAsync(Writer writer, IntakePoint point, Blob? pack, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, long>();
        if (pack is not null)
        {
            var packId = await ContentPacks.AddAsync(writer, pack.Name, pack.Size, Now.ToUnixTimeMilliseconds(), cancellationToken);
            ids = await ContentChunks.AddAsync(writer, packId, _fresh.Values, cancellationToken);
        }

        var start = _written.Size;
        foreach (var parts in _parts.Select(part => part.Chunk > 0 ? part : part with { Chunk = ids[part.Sha256] }).Chunk(SegmentParts))
        {
            await ContentObjects.AddSegmentAsync(writer, point.Object, Segment.Of(point.Object, start, parts), cancellationToken);
            start += parts.Sum(part => (long)part.Length);
        }
    }
}

/// <summary>How far an object is written down; its id is 0 before any of it is.</summary>
internal sealed record IntakePoint(long Object, long Size)
{
    public static readonly IntakePoint Nothing = new(0, 0);
}

/// <summary>What one transaction writes down.</summary>
internal sealed record IntakeStep(IntakePoint From, IntakePoint To);
