using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Erases the content of a version and what tells of its values. Its digests and all that refers to it stay, and say that it was purged.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Version">The version.</param>
/// <param name="Reason">Why.</param>
internal sealed record PurgeDatasetVersion(string Name, string Version, string Reason) : ChangeRequest<bool>
{
    public override string Action => "dataset.purge";

    public override string Resource => DatasetVersionRow.ResourceOf(Name, Version);

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = (await DatasetVersions.GetAsync(change, Name, Version, cancellationToken)).Kept();
        await DatasetVersions.PurgeAsync(change, version.Id, Reason, cancellationToken);
        await DatasetFiles.PurgeAsync(change, version.Id, cancellationToken);
        var state = DatasetState.Of(version with { PurgeReason = Reason });
        change.About($"datasets/{Name}");
        change.Record(DatasetState.Of(version), state);
        change.Announce("dataset_version.purged", state);
        return true;
    }
}
