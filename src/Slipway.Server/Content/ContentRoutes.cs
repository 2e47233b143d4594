using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Content;

namespace Slipway.Server.Content;

/// <summary>The native endpoints of stored content.</summary>
internal static class ContentRoutes
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromDays(1);

    public static void Map(NativeRoutes native, Spine spine) =>
        native.Post("gc".Does("Removes stored content that nothing refers to."), Permission.Admin, (_, _) => Target.Server, async (RouteValues _, CollectGarbageRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var options = new CollectOptions(wire.DryRun ?? false, GraceOf(wire));
            await spine.JudgeAsync(caller, cancellationToken);
            var done = ToWire(await spine.Collector.RunAsync(options, cancellationToken));
            if (!options.IsDryRun)
            {
                await spine.MakeAsync(caller, new CollectGarbage(done), cancellationToken);
            }

            return done;
        });

    private static NativePath Does(this string path, string summary) => new(path, summary);

    private static TimeSpan GraceOf(CollectGarbageRequest wire) => wire.GraceSeconds switch
    {
        null => DefaultGrace,
        >= 0 and <= 366L * 24 * 3600 and var seconds => TimeSpan.FromSeconds(seconds),
        _ => throw Fault.Invalid("Parameter 'grace_seconds' must be between 0 and a year."),
    };

    private static CollectGarbageResponse ToWire(CollectReport report) => new(report.IsDryRun)
    {
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
