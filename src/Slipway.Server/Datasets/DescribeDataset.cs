using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Describes a dataset, or a version of it, anew; no description takes it away.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Version">Null for the dataset itself.</param>
/// <param name="Description">What it is.</param>
/// <param name="Seen">The revision that the caller has seen; null when they do not mind which.</param>
internal sealed record DescribeDataset(string Name, string? Version, string? Description, long? Seen) : ChangeRequest<long>
{
    public override string Action => "dataset.describe";

    public override string Resource => Version is null ? $"datasets/{Name}" : DatasetVersionRow.ResourceOf(Name, Version);

    /// <returns>The revision that it is now.</returns>
    public override async Task<long> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var (before, revision) = Version is null ? await EditAsync(change, cancellationToken) : await EditAsync(change, Version, cancellationToken);
        change.About($"datasets/{Name}");
        change.Record(State(before), State(Description));
        return revision + 1;
    }

    private async Task<(string? Before, long Revision)> EditAsync(Change change, CancellationToken cancellationToken)
    {
        var dataset = await KnownDatasets.GetAsync(change, Name, cancellationToken);
        CheckSeen(dataset.Revision);
        await KnownDatasets.DescribeAsync(change, dataset.Id, Description, cancellationToken);
        return (dataset.Description, dataset.Revision);
    }

    private async Task<(string? Before, long Revision)> EditAsync(Change change, string version, CancellationToken cancellationToken)
    {
        var row = await DatasetVersions.GetAsync(change, Name, version, cancellationToken);
        CheckSeen(row.Revision);
        await DatasetVersions.DescribeAsync(change, row.Id, Description, cancellationToken);
        return (row.Description, row.Revision);
    }

    private void CheckSeen(long revision)
    {
        if (Seen is { } seen && seen != revision)
        {
            throw Fault.Outdated($"The description was edited since you looked at it: it is revision {revision} now, not {seen}.");
        }
    }

    private string State(string? description) => new DatasetState(Name, Version) { Description = description }.ToJson();
}
