using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Server.Tracking.Erasing;
using Slipway.Store;
using Slipway.Wire.Content;

namespace Slipway.Server.Content;

/// <summary>The native endpoints of stored content.</summary>
internal static class ContentRoutes
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromDays(1);
    private static readonly TimeSpan DefaultAge = TimeSpan.FromDays(30);

    public static void Map(NativeRoutes native, Spine spine) =>
        native.Post("gc".Does("Removes stored content that nothing refers to, and if asked for, what was deleted long ago."), Permission.Admin, (_, _) => Target.Server, async (RouteValues _, CollectGarbageRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var options = new CollectOptions(wire.DryRun ?? false, Within(wire.GraceSeconds, DefaultGrace, "grace_seconds"));
            var age = Within(wire.OlderThanSeconds, DefaultAge, "older_than_seconds");
            await spine.JudgeAsync(caller, cancellationToken);
            var erased = wire.Runs == true ? await EraseAsync(spine, caller, age, options.IsDryRun, cancellationToken) : null;
            var done = ToWire(await spine.Collector.RunAsync(options, cancellationToken), erased);
            if (!options.IsDryRun)
            {
                await spine.MakeAsync(caller, new CollectGarbage(done), cancellationToken);
            }

            return done;
        });

    private static NativePath Does(this string path, string summary) => new(path, summary);

    private static TimeSpan Within(long? seconds, TimeSpan unlessGiven, string parameter) => seconds switch
    {
        null => unlessGiven,
        >= 0 and <= 366L * 24 * 3600 and var given => TimeSpan.FromSeconds(given),
        _ => throw Fault.Invalid($"Parameter '{parameter}' must be between 0 and a year."),
    };

    private static async Task<ErasedReport> EraseAsync(Spine spine, Caller caller, TimeSpan age, bool isDryRun, CancellationToken cancellationToken)
    {
        // Files of the old layout move first, so that all are found by their names.
        await spine.PrepareSweepAsync(isDryRun, cancellationToken);
        return await new Eraser(spine).RunAsync(caller, spine.Now - (long)age.TotalMilliseconds, isDryRun, cancellationToken);
    }

    private static CollectGarbageResponse ToWire(CollectReport report, ErasedReport? erased) => new(report.IsDryRun)
    {
        Runs = erased?.Runs,
        LoggedModels = erased?.LoggedModels,
        Experiments = erased?.Experiments,
        Kept = erased?.Kept,
        More = erased?.IsFull == true ? true : null,
        MovedFiles = report.Moved.Files,
        MovedBytes = report.Moved.Bytes,
        Problems = report.Moved.Problems.Count == 0 ? null : report.Moved.Problems,
        Contents = report.Contents,
        ContentBytes = report.ContentBytes,
        Chunks = report.Chunks,
        ChunkBytes = report.ChunkBytes,
        WaitingChunks = report.WaitingChunks,
        Packs = report.Packs,
        PackBytes = report.PackBytes,
        Repacked = report.Repacked,
        Orphans = report.Orphans,
        OrphanBytes = report.OrphanBytes,
    };
}
