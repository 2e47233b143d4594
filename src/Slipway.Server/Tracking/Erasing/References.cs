using Slipway.Server.Artifacts;
using Slipway.Server.Governance.Guarding;
using Slipway.Server.Lineage;
using Slipway.Store;

namespace Slipway.Server.Tracking.Erasing;

/// <summary>What keeps a deleted run or logged model from being removed for good. It errs on the side of keeping.</summary>
internal static class References
{
    /// <summary>Whether a model version came from it, over any number of steps, or has its files there.</summary>
    public static async Task<bool> AnyAsync(Reader reader, Remains remains, CancellationToken cancellationToken)
    {
        var graph = await LineageGraph.DownAsync(reader, remains.Node, cancellationToken);
        return graph.IsCut || graph.Nodes.Any(node => node.Kind == NodeKind.ModelVersion) || await AreFilesNeededAsync(reader, remains.Experiment, remains.Place, cancellationToken);
    }

    /// <summary>Whether the files there are those of a version, are all that a deleted one had that once was in a stage, or lie where another experiment keeps its own.</summary>
    public static async Task<bool> AreFilesNeededAsync(Reader reader, long experiment, ArtifactPath? place, CancellationToken cancellationToken)
    {
        if (place is null)
        {
            return false;
        }

        return (await VersionRoots.FindAsync(reader, place, cancellationToken)).Count > 0
            || (await ArtifactRoots.OwnersAsync(reader, place, cancellationToken)).Exists(owner => owner != experiment)
            || await reader.AnyAsync($"""
                select 1 from (select sha256 from artifact_names where {place.Within()} and size > 0) a
                join version_files f on f.sha256 = a.sha256 join model_versions v on v.id = f.version
                where v.stage is null and exists (select 1 from transitions t where t.version = v.id) and not exists (
                    select 1 from version_files g where g.version = v.id and not exists (select 1 from artifact_names b where b.sha256 = g.sha256 and {place.Within()}))
                """, cancellationToken);
    }

    /// <summary>Takes the names away; what they called goes with a later sweep.</summary>
    public static async Task RemoveFilesAsync(Change change, ArtifactPath? place, CancellationToken cancellationToken)
    {
        if (place is not null)
        {
            await ArtifactNames.RemoveAsync(change, place, change.Info.At, cancellationToken);
            await ArtifactDigests.RemoveAsync(change, place, cancellationToken);
        }
    }
}

/// <summary>What is left of a deleted run or logged model.</summary>
internal sealed record Remains(LineageNode Node, long Experiment, ArtifactPath? Place);
