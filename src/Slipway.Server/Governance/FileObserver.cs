using Slipway.Server.Governance.Guarding;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>
/// Looks at the files of versions that a pipeline governs, before a change waits for its turn. That may take long, so it is
/// not done for callers whom the change will refuse: it finds that out again, and puts it on record.
/// </summary>
internal sealed class FileObserver(Spine spine)
{
    private readonly PromotionRights _rights = new(spine.Rights);

    /// <summary>For the server itself; null where no pipeline governs the version.</summary>
    public async Task<ObservedFiles?> ObserveAsync(string model, long version, CancellationToken cancellationToken)
    {
        var governed = await spine.Database.ReadAsync(
            async reader => await Pipelines.FindForAsync(reader, model, cancellationToken) is null ? null : await ModelVersions.FindAsync(reader, model, version, cancellationToken),
            cancellationToken);
        return governed is null ? null : await ObserveAsync(governed, cancellationToken);
    }

    /// <summary>For whoever the route lets in.</summary>
    public Task<ObservedFiles?> ObserveAsync(Caller caller, string model, long version, CancellationToken cancellationToken) =>
        ObserveAsync(caller, (model, version), (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>For those who may bring versions of the model into a stage.</summary>
    public Task<ObservedFiles?> ObserveForPromoterAsync(Caller caller, string model, long version, CancellationToken cancellationToken) =>
        ObserveAsync(caller, (model, version), (reader, gateway) => _rights.MayPromoteAsync(reader, caller.Principal, gateway, cancellationToken), cancellationToken);

    /// <summary>For those who may break the glass of the model.</summary>
    public Task<ObservedFiles?> ObserveForBreakerAsync(Caller caller, string model, long version, CancellationToken cancellationToken) =>
        ObserveAsync(caller, (model, version), (reader, gateway) => PromotionRights.MayBreakGlassAsync(reader, caller.Principal, gateway, cancellationToken), cancellationToken);

    /// <summary>What the files of the version are now.</summary>
    public async Task<ObservedFiles> ObserveAsync(ModelVersionRow version, CancellationToken cancellationToken)
    {
        await spine.Manifests.LookAsync(version.RunId, cancellationToken);
        var found = spine.Places.Find(version.DownloadUri) is { } held ? await spine.Artifacts.ManifestAsync(held, cancellationToken) : null;
        return new ObservedFiles(version.Id, found?.Digest)
        {
            Difference = found is null || found.Digest == version.ManifestDigest ? null : await spine.Database.ReadAsync(reader => VersionFiles.DifferenceAsync(reader, version.Id, found, cancellationToken), cancellationToken),
        };
    }

    private async Task<ObservedFiles?> ObserveAsync(Caller caller, (string Model, long Number) what, Func<Reader, Gateway, Task<bool>> may, CancellationToken cancellationToken)
    {
        try
        {
            var governed = await spine.ReadAsync(
                caller,
                async reader => await Pipelines.FindForAsync(reader, what.Model, cancellationToken) is { } pipeline
                    && await ModelVersions.FindAsync(reader, what.Model, what.Number, cancellationToken) is { } version
                    && await may(reader, Gateway.Any(version.Model, version.Name, pipeline)) ? version : null,
                cancellationToken);
            return governed is null ? null : await ObserveAsync(governed, cancellationToken);
        }
        catch (RefusedException)
        {
            return null;
        }
    }
}
