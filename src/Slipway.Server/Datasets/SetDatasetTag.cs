using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Sets a tag of a version, or deletes it; deleting one that is not there is a success.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Version">The version.</param>
/// <param name="Key">The tag's name.</param>
/// <param name="Value">Null to delete it.</param>
internal sealed record SetDatasetTag(string Name, string Version, string Key, string? Value) : ChangeRequest<bool>
{
    public override string Action => Value is null ? "dataset.delete-tag" : "dataset.set-tag";

    public override string Resource => DatasetVersionRow.ResourceOf(Name, Version);

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await DatasetVersions.GetAsync(change, Name, Version, cancellationToken);
        var before = (await DatasetTags.OfAsync(change, version.Id, cancellationToken)).Where(tag => tag.Key == Key).Select(tag => tag.Value).FirstOrDefault();
        if (Value is null)
        {
            await DatasetTags.DeleteAsync(change, version.Id, Key, cancellationToken);
        }
        else
        {
            await DatasetTags.SetAsync(change, version.Id, new Pair(Key, Value), cancellationToken);
        }

        change.About($"datasets/{Name}");
        change.Record(before is null ? null : State(before), Value is null ? null : State(Value));
        return true;
    }

    private string State(string value) => new DatasetState(Name, Version) { Tags = new Dictionary<string, string> { [Key] = value } }.ToJson();
}
