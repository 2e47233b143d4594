using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Every statement that touches <c>content_chunks</c>, but for those of the sweep.</summary>
internal static class ContentChunks
{
    // One that waits to be swept is stored anew in its row, which keeps its id.
    private static readonly BulkInsert<(long Id, long Pack, FreshChunk Chunk)> Insert = new(
        "content_chunks",
        """
        on conflict (sha256) do update set pack = excluded.pack, start = excluded.start, stored = excluded.stored, codec = excluded.codec, checksum = excluded.checksum, condemned = null
        where content_chunks.condemned is not null
        """,
        new Int64Column<(long Id, long Pack, FreshChunk Chunk)>("id", row => row.Id),
        new TextColumn<(long Id, long Pack, FreshChunk Chunk)>("sha256", row => row.Chunk.Sha256),
        new Int64Column<(long Id, long Pack, FreshChunk Chunk)>("pack", row => row.Pack),
        new Int64Column<(long Id, long Pack, FreshChunk Chunk)>("start", row => row.Chunk.Start),
        new Int64Column<(long Id, long Pack, FreshChunk Chunk)>("stored", row => row.Chunk.Stored),
        new Int64Column<(long Id, long Pack, FreshChunk Chunk)>("codec", row => (long)row.Chunk.Form.Codec),
        new Int64Column<(long Id, long Pack, FreshChunk Chunk)>("checksum", row => row.Chunk.Form.Checksum),
        new Int64Column<(long Id, long Pack, FreshChunk Chunk)>("length", row => row.Chunk.Length));

    /// <summary>The ids of those chunks that are kept, and are to stay.</summary>
    public static async Task<Dictionary<string, long>> FindAsync(Reader reader, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(hashes.Count, StringComparer.Ordinal);
        foreach (var some in hashes.Chunk(1024))
        {
            await reader.EachAsync(
                $"select sha256, id from content_chunks where sha256 in {some} and condemned is null",
                row => found.Add(row.GetString(0), row.GetInt64(1)),
                cancellationToken);
        }

        return found;
    }

    /// <summary>Writes down the chunks of a new pack, but for those that another upload wrote meanwhile, and answers the ids of all.</summary>
    public static async Task<Dictionary<string, long>> AddAsync(Writer writer, long pack, IReadOnlyCollection<FreshChunk> chunks, CancellationToken cancellationToken)
    {
        if (chunks.Count == 0)
        {
            return [];
        }

        // In the order of their key, so that writers wait for each other and never in a circle.
        var first = await writer.TakeIdsAsync("content_chunks", chunks.Count, cancellationToken) - chunks.Count + 1;
        var rows = chunks.OrderBy(chunk => chunk.Sha256, StringComparer.Ordinal).Select((chunk, index) => (first + index, pack, chunk)).ToList();
        await writer.InsertAsync(Insert, rows, cancellationToken);
        return await FindAsync(writer, [.. chunks.Select(chunk => chunk.Sha256)], cancellationToken);
    }

    /// <summary>Whether all of these chunks are there, and are to stay.</summary>
    public static async Task<bool> AreKeptAsync(Reader reader, IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select count(*) from content_chunks where id in {ids} and condemned is null", row => row.GetInt64(0), cancellationToken) == ids.Count;

    /// <summary>Where the chunks lie.</summary>
    public static async Task<Dictionary<long, ChunkPlace>> PlacesAsync(Reader reader, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var places = new Dictionary<long, ChunkPlace>(ids.Count);
        await reader.EachAsync(
            $"""
            select c.id, p.name, c.start, c.stored, c.codec, c.checksum from content_chunks c join content_packs p on p.id = c.pack
            where c.id in {ids}
            """,
            row => places.Add(row.GetInt64(0), Map(row)),
            cancellationToken);
        return places;
    }

    private static ChunkPlace Map(DbDataReader row) => new(row.GetString(1), row.GetInt64(2), checked((int)row.GetInt64(3)), StoredForm.Map(row, 4, 5));
}

/// <summary>A chunk that is new in a pack.</summary>
internal sealed record FreshChunk(string Sha256, long Start, int Stored, StoredForm Form, int Length);

/// <summary>Where a chunk lies, and how.</summary>
internal sealed record ChunkPlace(string Pack, long Start, int Stored, StoredForm Form);
