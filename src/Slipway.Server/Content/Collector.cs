using Microsoft.Extensions.Logging;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Removes what nothing refers to, by mark and sweep, beside uploads of every process.</summary>
/// <remarks>
/// 1. Leases of uploads that are gone expire. 2. Files of the old layout move into the store. 3. Contents without a reference
/// go, once their grace is over. 4. Chunks that no content consists of are condemned, and removed as soon as no upload is
/// older than that: see <see cref="ContentLeases"/>. 5. Packs that are empty go, and those that are mostly unused or small
/// are copied together. 6. Blobs that no pack and no lease knows are what crashes left, and go too.
/// It can be killed at any moment: each step leaves what the next run finds.
/// </remarks>
internal sealed partial class Collector(ContentStore store, Func<bool, CancellationToken, Task<MovedFiles>> moveOldFiles, ILogger<Collector> logger)
{
    private const int BatchSize = 512;
    private const long SmallPack = 16 << 20;
    private const int FewSmallPacks = 16;

    private DateTimeOffset Now => store.Settings.Time.GetUtcNow();

    /// <summary>Sweeps, or only tells what a sweep would do.</summary>
    public async Task<CollectReport> RunAsync(CollectOptions options, CancellationToken cancellationToken)
    {
        var until = (Now - options.Grace).ToUnixTimeMilliseconds();
        if (options.IsDryRun)
        {
            return await LookAsync(until, cancellationToken);
        }

        await store.Ingest.WriteAsync(ForgetUploadsAsync, cancellationToken);
        var report = new CollectReport(IsDryRun: false) { Moved = await moveOldFiles(false, cancellationToken) };
        report = await RemoveObjectsAsync(report, until, cancellationToken);
        report = await RemoveChunksAsync(report, until, cancellationToken);
        report = await RemovePacksAsync(report, cancellationToken);
        return await RemoveOrphansAsync(report, cancellationToken);
    }

    private async Task<int> ForgetUploadsAsync(Writer writer, CancellationToken cancellationToken)
    {
        await ContentLeases.ExpireAsync(writer, Now, cancellationToken);
        return await ContentUploads.RemoveOldAsync(writer, (Now - ContentLeases.LongLifetime).ToUnixTimeMilliseconds(), cancellationToken);
    }

    private async Task<CollectReport> LookAsync(long until, CancellationToken cancellationToken)
    {
        var moved = await moveOldFiles(true, cancellationToken);
        var orphans = await OrphansAsync(cancellationToken);
        return await store.Database.ReadAsync(
            async reader =>
            {
                var objects = await ContentSweeps.IdleObjectsAsync(reader, until, cancellationToken);
                var marks = await ContentSweeps.MarkAsync(reader, [.. objects.Select(one => one.Id)], cancellationToken);
                var chunks = await ContentSweeps.IdleChunksAsync(reader, marks, until, cancellationToken);
                var packs = await ContentSweeps.PacksAsync(reader, cancellationToken);
                return new CollectReport(IsDryRun: true)
                {
                    Moved = moved,
                    Contents = objects.Count,
                    ContentBytes = objects.Sum(one => one.Size),
                    Chunks = chunks.Count,
                    ChunkBytes = chunks.Sum(one => one.Stored),
                    Packs = packs.Count(pack => pack.Chunks == 0),
                    Orphans = orphans.Count,
                    OrphanBytes = orphans.Sum(blob => blob.Size),
                };
            },
            cancellationToken);
    }

    private async Task<CollectReport> RemoveObjectsAsync(CollectReport report, long until, CancellationToken cancellationToken)
    {
        await store.Ingest.WriteAsync(ContentSweeps.RemoveLostSegmentsAsync, cancellationToken);
        var idle = await store.Database.ReadAsync(reader => ContentSweeps.IdleObjectsAsync(reader, until, cancellationToken), cancellationToken);
        foreach (var batch in idle.Chunk(BatchSize))
        {
            var removed = await store.Ingest.WriteAsync(
                async (writer, token) =>
                {
                    var removed = new List<IdleObject>(batch.Length);
                    foreach (var one in batch)
                    {
                        if (await ContentSweeps.RemoveObjectAsync(writer, one, token))
                        {
                            removed.Add(one);
                        }
                    }

                    return removed;
                },
                cancellationToken);
            report = report with { Contents = report.Contents + removed.Count, ContentBytes = report.ContentBytes + removed.Sum(one => one.Size) };
        }

        return report;
    }

    private async Task<CollectReport> RemoveChunksAsync(CollectReport report, long until, CancellationToken cancellationToken)
    {
        var idle = await store.Database.ReadAsync(
            async reader => await ContentSweeps.IdleChunksAsync(reader, await ContentSweeps.MarkAsync(reader, [], cancellationToken), until, cancellationToken),
            cancellationToken);
        foreach (var batch in idle.Chunk(BatchSize))
        {
            await store.Ingest.WriteAsync((writer, token) => ContentSweeps.CondemnAsync(writer, [.. batch.Select(chunk => chunk.Id)], token), cancellationToken);
        }

        var verdict = await store.Database.ReadAsync(reader => ContentSweeps.JudgeAsync(reader, cancellationToken), cancellationToken);
        foreach (var batch in verdict.Alive.Chunk(BatchSize))
        {
            await store.Ingest.WriteAsync((writer, token) => ContentSweeps.ReprieveAsync(writer, [.. batch.Select(chunk => chunk.Id)], token), cancellationToken);
        }

        var removed = 0;
        foreach (var batch in verdict.Dead.Chunk(BatchSize))
        {
            removed += await store.Ingest.WriteAsync((writer, token) => ContentSweeps.RemoveChunksAsync(writer, [.. batch.Select(chunk => chunk.Id)], verdict.Epoch, token), cancellationToken);
        }

        return report with { Chunks = removed, ChunkBytes = verdict.Dead.Sum(chunk => chunk.Stored), WaitingChunks = verdict.Waiting };
    }

    private async Task<CollectReport> RemovePacksAsync(CollectReport report, CancellationToken cancellationToken)
    {
        var packs = await store.Database.ReadAsync(reader => ContentSweeps.PacksAsync(reader, cancellationToken), cancellationToken);
        var sparse = packs.Where(pack => pack.IsSparse).ToList();
        var small = packs.Where(pack => pack.Chunks > 0 && pack.Size < SmallPack).Except(sparse).ToList();
        var repacked = await new Repacker(store).RepackAsync(small.Count >= FewSmallPacks ? [.. sparse, .. small] : sparse, cancellationToken);
        foreach (var pack in packs.Where(pack => pack.Chunks == 0).Concat(repacked))
        {
            if (await store.Ingest.WriteAsync((writer, token) => ContentPacks.RemoveAsync(writer, pack.Id, token), cancellationToken) > 0)
            {
                await store.Blobs.DeleteAsync(pack.Name, cancellationToken);
                report = report with { Packs = report.Packs + 1, PackBytes = report.PackBytes + pack.Size };
            }
        }

        return report with { Repacked = repacked.Count };
    }

    private async Task<CollectReport> RemoveOrphansAsync(CollectReport report, CancellationToken cancellationToken)
    {
        var orphans = await OrphansAsync(cancellationToken);
        foreach (var orphan in orphans)
        {
            Log.Orphan(logger, orphan.Name, orphan.Size);
            await store.Blobs.DeleteAsync(orphan.Name, cancellationToken);
        }

        return report with { Orphans = orphans.Count, OrphanBytes = orphans.Sum(blob => blob.Size) };
    }

    // What was listed before the index is read is in it, or is being made under a lease, or is nobody's.
    private async Task<List<Blob>> OrphansAsync(CancellationToken cancellationToken)
    {
        var blobs = new List<Blob>();
        await foreach (var blob in store.Blobs.ListAsync(cancellationToken))
        {
            if (store.LeaseOf(blob.Name) is not null)
            {
                blobs.Add(blob);
            }
        }

        return await store.Database.ReadAsync(
            async reader =>
            {
                var leases = await ContentLeases.ListAsync(reader, cancellationToken);
                var orphans = new List<Blob>();
                foreach (var batch in blobs.Chunk(BatchSize))
                {
                    var known = await ContentPacks.KnownAsync(reader, [.. batch.Select(blob => blob.Name)], cancellationToken);
                    orphans.AddRange(batch.Where(blob => !known.Contains(blob.Name) && !leases.Contains(store.LeaseOf(blob.Name)!)));
                }

                return orphans;
            },
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(4301, LogLevel.Information, "Pack {Name} of {Size} bytes was left by an upload that did not end well, and goes")]
        public static partial void Orphan(ILogger logger, string name, long size);
    }
}

/// <summary>How to sweep.</summary>
/// <param name="IsDryRun">Only look.</param>
/// <param name="Grace">What nothing refers to stays that long.</param>
internal sealed record CollectOptions(bool IsDryRun, TimeSpan Grace);

/// <summary>What a sweep did, or would do.</summary>
internal sealed record CollectReport(bool IsDryRun)
{
    public MovedFiles Moved { get; init; } = new(0, 0, []);

    public int Contents { get; init; }

    public long ContentBytes { get; init; }

    public int Chunks { get; init; }

    public long ChunkBytes { get; init; }

    /// <summary>Chunks that go with the next sweep, once uploads have ended that may build upon them.</summary>
    public int WaitingChunks { get; init; }

    public int Packs { get; init; }

    public long PackBytes { get; init; }

    public int Repacked { get; init; }

    public int Orphans { get; init; }

    public long OrphanBytes { get; init; }
}

/// <summary>Files of the old layout that moved into the store, and those that could not, with the reason.</summary>
internal sealed record MovedFiles(int Files, long Bytes, IReadOnlyList<string> Problems);
