using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Points an alias of a dataset to a version, or takes it away; taking away one that is not there is a success.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Alias">The alias.</param>
/// <param name="Version">Null to take it away.</param>
internal sealed record SetDatasetAlias(string Name, string Alias, string? Version) : ChangeRequest<bool>
{
    public override string Action => Version is null ? "dataset.delete-alias" : "dataset.set-alias";

    public override string Resource => $"datasets/{Name}/aliases/{Alias}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var dataset = await KnownDatasets.GetAsync(change, Name, cancellationToken);
        var before = await DatasetAliases.FindVersionAsync(change, dataset.Id, Alias, cancellationToken) is { } id ? await DatasetVersions.FindAsync(change, id, cancellationToken) : null;
        if (Version is null)
        {
            await DatasetAliases.DeleteAsync(change, dataset.Id, Alias, cancellationToken);
        }
        else
        {
            var version = (await DatasetVersions.GetAsync(change, Name, Version, cancellationToken)).Kept();
            await DatasetAliases.SetAsync(change, version, Alias, cancellationToken);
            change.About(version.Resource);
        }

        change.About($"datasets/{Name}");
        change.Record(before is null ? null : State(before.Version), Version is null ? null : State(Version));
        return true;
    }

    private string State(string version) => new DatasetState(Name, version) { Aliases = [Alias] }.ToJson();
}
