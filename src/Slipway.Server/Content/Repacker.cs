using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Copies the chunks of packs that are small or mostly unused into full ones, and removes the old.</summary>
/// <remarks>A chunk keeps its id, so whoever reads it meanwhile looks once more where it is. Each is verified on the way.</remarks>
internal sealed class Repacker(ContentStore store)
{
    private const long PackSize = 64 << 20;
    private const int MostChunks = 4096;

    private DateTimeOffset Now => store.Settings.Time.GetUtcNow();

    /// <summary>Answers the packs that could be replaced; the others hold something damaged and stay.</summary>
    public async Task<IReadOnlyList<PackUse>> RepackAsync(IReadOnlyList<PackUse> packs, CancellationToken cancellationToken)
    {
        var lease = Guid.CreateVersion7().ToString("n");
        await WriteAsync((writer, token) => ContentLeases.BeginAsync(writer, lease, Now + ContentLeases.Lifetime, token), cancellationToken);
        var pending = new List<PackUse>();
        var replaced = new List<PackUse>();
        try
        {
            foreach (var pack in packs)
            {
                pending.Add(pack);
                if (pending.Sum(one => one.Used) >= PackSize || pending.Sum(one => one.Chunks) >= MostChunks || pack == packs[^1])
                {
                    replaced.AddRange(await MergeAsync(pending, lease, cancellationToken));
                    pending.Clear();
                }
            }
        }
        finally
        {
            await WriteAsync((writer, token) => ContentLeases.EndAsync(writer, lease, token), CancellationToken.None);
        }

        return replaced;
    }

    private async Task<IReadOnlyList<PackUse>> MergeAsync(List<PackUse> packs, string lease, CancellationToken cancellationToken)
    {
        using var target = PackFile.Create(store.Settings.SpoolFolder);
        var moves = new List<Move>();
        var whole = new List<PackUse>();
        foreach (var pack in packs)
        {
            if (await TryCopyAsync(pack, target, moves, cancellationToken))
            {
                whole.Add(pack);
            }
        }

        if (moves.Count == 0)
        {
            return whole;
        }

        var blob = new Blob(store.NewName(lease), target.Length);
        target.Seal();
        await store.Blobs.PutAsync(blob.Name, target.FullPath, cancellationToken);
        await WriteAsync(
            async (writer, token) =>
            {
                await ContentLeases.HoldAsync(writer, lease, Now + ContentLeases.Lifetime, token);
                var id = await ContentPacks.AddAsync(writer, blob.Name, blob.Size, Now.ToUnixTimeMilliseconds(), token);
                foreach (var move in moves)
                {
                    await writer.SendAsync($"update content_chunks set pack = {id}, start = {move.To} where id = {move.Chunk} and pack = {move.From} and start = {move.Start}", token);
                }
            },
            CancellationToken.None);
        return whole;
    }

    private async Task<bool> TryCopyAsync(PackUse pack, PackFile target, List<Move> moves, CancellationToken cancellationToken)
    {
        var chunks = await store.Database.ReadAsync(
            reader => reader.ListAsync(
                $"select id, start, stored, codec, checksum, length, sha256 from content_chunks where pack = {pack.Id} order by start",
                Map,
                cancellationToken),
            cancellationToken);
        var window = new PackWindow(store.Blobs, pack);
        var isWhole = true;
        foreach (var chunk in chunks)
        {
            var stored = await window.ReadAsync(chunk.Start, chunk.Stored, cancellationToken);
            if (stored.Length == chunk.Stored && IsTrue(chunk, stored.Span))
            {
                moves.Add(new Move(chunk.Id, pack.Id, chunk.Start, target.Append(stored.Span)));
            }
            else
            {
                isWhole = false;
            }
        }

        return isWhole;
    }

    private static bool IsTrue(Packed chunk, ReadOnlySpan<byte> stored) => chunk.Form.TryRestore(stored, new byte[chunk.Length], chunk.Sha256);

    private static Packed Map(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), checked((int)row.GetInt64(2)), StoredForm.Map(row, 3, 4), checked((int)row.GetInt64(5)), row.GetString(6));

    private Task<bool> WriteAsync(Func<Writer, CancellationToken, Task> write, CancellationToken cancellationToken) => store.Ingest.WriteAsync(
        async (writer, token) =>
        {
            await write(writer, token);
            return true;
        },
        cancellationToken);

    private sealed record Packed(long Id, long Start, int Stored, StoredForm Form, int Length, string Sha256);

    private sealed record Move(long Chunk, long From, long Start, long To);
}

/// <summary>Reads a pack from its beginning to its end in large pieces.</summary>
internal sealed class PackWindow(IBlobs blobs, PackUse pack)
{
    private const int Size = 4 << 20;

    private byte[] _bytes = [];
    private long _start;
    private int _length;

    /// <summary>The stored bytes at a place; fewer when the pack is cut off or gone.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(long start, int length, CancellationToken cancellationToken)
    {
        if (start < _start || start + length > _start + _length)
        {
            var wanted = (int)Math.Max(length, Math.Min(Size, pack.Size - start));
            _bytes = _bytes.Length >= wanted ? _bytes : new byte[wanted];
            _start = start;
            _length = await blobs.ReadAsync(pack.Name, start, _bytes.AsMemory(0, wanted), cancellationToken) ?? 0;
        }

        return _bytes.AsMemory((int)(start - _start), (int)Math.Min(length, _start + _length - start));
    }
}
