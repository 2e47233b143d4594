using Microsoft.Extensions.Logging;
using Slipway.Server.Artifacts;
using Slipway.Server.Tracking;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Lineage;

/// <summary>
/// Reads the manifests of runs whose artifacts clients write to the bucket, where no request tells that one was written: when
/// a run ends, when somebody asks for its data, and before it counts as evidence.
/// </summary>
internal sealed partial class BucketManifests(Spine spine, ILogger<BucketManifests> logger)
{
    private static readonly ArtifactPath File = ArtifactPath.Parse(DatasetManifest.FilePath);

    /// <summary>Keeps in mind what the run's manifest says; nothing happens when it has none, or its artifacts go through the server.</summary>
    public async Task LookAsync(string runId, CancellationToken cancellationToken)
    {
        if (spine.Artifacts.Bucket is not null && await FindAsync(runId, cancellationToken) is { } run && spine.Places.Find(run.ArtifactUri) is { IsInBucket: true } root
            && await spine.Artifacts.FindAsync(root.Join(File), cancellationToken) is { IsFolder: false } manifest)
        {
            await DatasetManifest.NoteAsync(spine, manifest.Path, cancellationToken);
        }
    }

    /// <summary>The same for a run that has just ended well; it ends whether or not the bucket can be read then.</summary>
    public async Task LookAtEndAsync(RunRow run, CancellationToken cancellationToken)
    {
        if (run.Status == WireEnum.NameOf(RunStatus.Finished))
        {
            try
            {
                await LookAsync(run.RunId, cancellationToken);
            }
            catch (Fault fault) when (fault.Kind == FaultKind.Unavailable)
            {
                Log.Unread(logger, run.RunId, fault.Message);
            }
        }
    }

    private Task<RunRow?> FindAsync(string runId, CancellationToken cancellationToken) =>
        runId.Length == 0 ? Task.FromResult<RunRow?>(null) : spine.Database.ReadAsync(reader => Runs.FindAsync(reader, runId, cancellationToken), cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(4302, LogLevel.Warning, "The manifest of run {RunId} is not read before somebody asks for it: {Reason}")]
        public static partial void Unread(ILogger logger, string runId, string reason);
    }
}
