using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>The statements by which a sweep finds and removes what nothing refers to.</summary>
internal static class ContentSweeps
{
    /// <summary>Contents that nothing refers to, and whose grace is over, or which were purged.</summary>
    public static Task<List<IdleObject>> IdleObjectsAsync(Reader reader, long until, CancellationToken cancellationToken) => reader.ListAsync(
        $"""
        select id, size, touched_at, case when {ContentErasures.IsPurged} then sha256 end from content_objects
        where (touched_at <= {until} or {ContentErasures.IsPurged}) and {ContentReferences.None()} order by id
        """,
        row => new IdleObject(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)) { Purged = row.IsDBNull(3) ? null : row.GetString(3) },
        cancellationToken);

    /// <summary>Removes an object unless something touched it since it was found.</summary>
    public static async Task<bool> RemoveObjectAsync(Writer writer, IdleObject idle, CancellationToken cancellationToken)
    {
        var removed = await writer.ExecuteAsync(
            $"delete from content_objects where id = {idle.Id} and touched_at = {idle.TouchedAt} and {ContentReferences.None()}",
            cancellationToken);
        if (removed > 0 && idle.Purged is { } purged)
        {
            await ContentErasures.CarryOutAsync(writer, idle.Id, purged, cancellationToken);
        }

        if (removed > 0)
        {
            await ContentObjects.RemoveSegmentsAsync(writer, idle.Id, cancellationToken);
        }

        return removed > 0;
    }

    /// <summary>Removes what uploads left that wrote down a part of an object and never came back.</summary>
    public static Task<int> RemoveLostSegmentsAsync(Writer writer, CancellationToken cancellationToken) => writer.ExecuteAsync($"""
        delete from content_segments
        where not exists (select 1 from content_objects o where o.id = content_segments.object)
        and not exists (select 1 from content_leases l where l.object = content_segments.object)
        """, cancellationToken);

    /// <summary>Every chunk that some object consists of, but for given ones.</summary>
    public static async Task<Marks> MarkAsync(Reader reader, HashSet<long> except, CancellationToken cancellationToken)
    {
        var marks = new Marks();
        await reader.EachAsync(
            $"select object, parts from content_segments",
            row =>
            {
                if (!except.Contains(row.GetInt64(0)))
                {
                    Part.EachChunk(row.GetFieldValue<byte[]>(1), marks.Add);
                }
            },
            cancellationToken);
        return marks;
    }

    /// <summary>Chunks without a mark, of packs whose grace is over, or which held something that was purged.</summary>
    public static async Task<List<IdleChunk>> IdleChunksAsync(Reader reader, Marks marks, long until, CancellationToken cancellationToken)
    {
        var idle = new List<IdleChunk>();
        await reader.EachAsync(
            $"select c.id, c.stored from content_chunks c join content_packs p on p.id = c.pack where (p.created_at <= {until} or p.erases = 1) and c.condemned is null",
            row =>
            {
                if (!marks.Has(row.GetInt64(0)))
                {
                    idle.Add(new IdleChunk(row.GetInt64(0), row.GetInt64(1)));
                }
            },
            cancellationToken);
        return idle;
    }

    /// <summary>Keeps others from building upon chunks, in an epoch of their own.</summary>
    public static async Task<int> CondemnAsync(Writer writer, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken)
    {
        var epoch = await writer.TakeIdsAsync("content_epoch", 1, cancellationToken);
        return await writer.ExecuteAsync($"update content_chunks set condemned = {epoch} where id in {chunks} and condemned is null", cancellationToken);
    }

    /// <summary>What was condemned before every upload that is under way began, and what is to become of it.</summary>
    public static async Task<Verdict> JudgeAsync(Reader reader, CancellationToken cancellationToken)
    {
        var oldest = await reader.FindAsync($"select coalesce(min(epoch), {long.MaxValue}) from content_leases", row => row.GetInt64(0), cancellationToken);
        var condemned = await reader.ListAsync(
            $"select id, stored, condemned from content_chunks where condemned is not null",
            row => (Chunk: new IdleChunk(row.GetInt64(0), row.GetInt64(1)), Epoch: row.GetInt64(2)),
            cancellationToken);
        var marks = condemned.Count == 0 ? new Marks() : await MarkAsync(reader, [], cancellationToken);
        var ripe = condemned.Where(one => one.Epoch <= oldest).Select(one => one.Chunk).ToList();
        return new Verdict(oldest, [.. ripe.Where(chunk => !marks.Has(chunk.Id))], [.. ripe.Where(chunk => marks.Has(chunk.Id))], condemned.Count - ripe.Count);
    }

    public static Task<int> RemoveChunksAsync(Writer writer, IReadOnlyCollection<long> chunks, long epoch, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from content_chunks where id in {chunks} and condemned is not null and condemned <= {epoch}", cancellationToken);

    public static Task<int> ReprieveAsync(Writer writer, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update content_chunks set condemned = null where id in {chunks}", cancellationToken);

    /// <summary>How much of each pack is in use.</summary>
    public static Task<List<PackUse>> PacksAsync(Reader reader, CancellationToken cancellationToken) => reader.ListAsync(
        $"""
        select p.id, p.name, p.size, cast(coalesce(sum(c.stored), 0) as bigint), count(c.id), p.erases
        from content_packs p left join content_chunks c on c.pack = p.id
        group by p.id, p.name, p.size, p.erases order by p.id
        """,
        row => new PackUse(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)) { Erases = row.GetInt64(5) == 1 },
        cancellationToken);
}

/// <summary>A content that nothing refers to, as it was when it was found.</summary>
internal sealed record IdleObject(long Id, long Size, long TouchedAt)
{
    /// <summary>Its SHA-256 where nothing of it may stay anywhere; null for all others.</summary>
    public string? Purged { get; init; }
}

/// <summary>A chunk that no object consists of.</summary>
internal sealed record IdleChunk(long Id, long Stored);

/// <summary>How much of a pack is in use.</summary>
internal sealed record PackUse(long Id, string Name, long Size, long Used, long Chunks)
{
    /// <summary>Whether it held something that was purged.</summary>
    public bool Erases { get; init; }

    /// <summary>Whether it is to be replaced by what is still in use of it.</summary>
    public bool IsSparse => Chunks > 0 && (2 * Used < Size || (Erases && Used < Size));
}

/// <summary>Which condemned chunks go, which stay after all, and how many wait for uploads that are older than their sentence.</summary>
internal sealed record Verdict(long Epoch, IReadOnlyList<IdleChunk> Dead, IReadOnlyList<IdleChunk> Alive, int Waiting);
