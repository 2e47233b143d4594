using Slipway.Server.Artifacts;
using Slipway.Server.Registry;

namespace Slipway.Server.Governance;

/// <summary>Looks at the files of versions that a pipeline governs, before a change waits for its turn.</summary>
internal sealed class FileObserver(Spine spine)
{
    /// <inheritdoc cref="FileObservation"/>
    public async Task<ObservedFiles?> ObserveAsync(string model, long version, CancellationToken cancellationToken)
    {
        var governed = await spine.Database.ReadAsync(
            async reader => await Pipelines.FindForAsync(reader, model, cancellationToken) is null ? null : await ModelVersions.FindAsync(reader, model, version, cancellationToken),
            cancellationToken);
        return governed is null ? null : await ObserveAsync(governed, cancellationToken);
    }

    /// <summary>What the files of the version are now.</summary>
    public async Task<ObservedFiles> ObserveAsync(ModelVersionRow version, CancellationToken cancellationToken) =>
        new(version.Id, ArtifactUri.Find(version.DownloadUri) is { } held ? (await spine.Artifacts.ManifestAsync(held, cancellationToken))?.Digest : null);
}
