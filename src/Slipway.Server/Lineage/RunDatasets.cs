using Slipway.Server.Artifacts;
using Slipway.Server.Datasets;
using Slipway.Server.Identity;
using Slipway.Server.Tracking;
using Slipway.Store;
using Slipway.Wire.Lineage;

namespace Slipway.Server.Lineage;

/// <summary>The versions of datasets that a run used.</summary>
internal static class RunDatasets
{
    public static async Task<RunDatasetsResponse> ListAsync(Reader reader, (Rights Rights, Principal Who) viewer, RunRow run, CancellationToken cancellationToken)
    {
        var uses = (await DataUses.OfRunsAsync(reader, [run.Id], cancellationToken)).ToLookup(edge => edge.From.Id);
        var contexts = await RunUses.ContextsAsync(reader, run.Id, cancellationToken);
        var versions = await DatasetVersions.LoadAsync(reader, [.. uses.Select(use => use.Key)], cancellationToken);
        var shown = new List<RunDataset>();
        foreach (var version in versions.OrderBy(version => version.Reference, StringComparer.Ordinal))
        {
            if (await viewer.Rights.MayReadAsync(reader, viewer.Who, Securable.Dataset(version.Dataset), cancellationToken))
            {
                shown.Add(ToWire(version, [.. uses[version.Id]], contexts.GetValueOrDefault(version.Id)));
            }
        }

        return new RunDatasetsResponse(shown, versions.Count - shown.Count);
    }

    /// <summary>Writes the manifest among the artifacts of the run, where the server may write.</summary>
    public static async Task WriteManifestAsync(Spine spine, RunAndVersion used, CancellationToken cancellationToken)
    {
        var folder = spine.Places.Find(used.Run.ArtifactUri)
            ?? throw Fault.Invalid($"The artifacts of run {used.Run.RunId} are at {Checks.Text.Shorten(used.Run.ArtifactUri)}, where the server can't write a manifest. The use itself is noted.");
        var path = folder.Join(ArtifactPath.Parse(DatasetManifest.FilePath));
        using var body = new MemoryStream(DatasetManifest.Of(used.Version).ToBytes());
        await spine.Artifacts.WriteAsync(path, body, cancellationToken);
    }

    private static RunDataset ToWire(DatasetVersionRow version, List<LineageEdge> uses, string? context) =>
        new(version.Name, version.Version, [.. uses.Select(use => use.How).Order(StringComparer.Ordinal)])
        {
            Context = context,
            ByteDigest = version.ByteDigest,
            Contradictory = uses.TrueForAll(use => use.IsContradictory) ? true : null,
        };
}
