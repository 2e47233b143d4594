using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>Makes a draft an immutable version, and the dataset with its first one.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Version">A semantic version.</param>
/// <param name="Draft">Whose files it takes.</param>
internal sealed record AddDatasetVersion(string Name, string Version, string Draft) : ChangeRequest<AddedVersion>
{
    public override string Action => "dataset.add";

    public override string Resource => DatasetVersionRow.ResourceOf(Name, Version);

    public string? Description { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<Pair> Tags { get; init; } = [];

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public static AddDatasetVersion Decode(string name, AddDatasetVersionRequest wire) =>
        new(DatasetName.Check(name), SemanticVersion.Parse(Require.Text(wire.Version, "version")).Text, Require.Text(wire.Draft, "draft"))
        {
            Description = DatasetText.Check(wire.Description, "description"),
            Source = DatasetText.Check(wire.Source, "source"),
            Tags = RegistryTags.Decode(wire.Tags),
            Aliases = [.. Require.Texts(wire.Aliases, "aliases").Select(DatasetText.CheckAlias).Distinct()],
        };

    public override async Task<AddedVersion> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var draft = await DatasetDrafts.HoldAsync(change, new DraftReference(Name, Draft, change.Info.Actor.Name), change.Info.At, cancellationToken);
        var content = DatasetContent.Of(await DatasetDrafts.FilesAsync(change, Draft, cancellationToken));
        if (await FindSameAsync(change, draft, content, cancellationToken) is { } same)
        {
            await DatasetDrafts.RemoveAsync(change, Draft, change.Info.At, cancellationToken);
            change.Record(DatasetState.Of(same), DatasetState.Of(same));
            return new AddedVersion(same, IsAdded: false);
        }

        var row = RowOf(await GetDatasetAsync(change, cancellationToken), await change.TakeIdsAsync("dataset_versions", 1, cancellationToken), content, change.Info);
        await DatasetVersions.AddAsync(change, row, cancellationToken);
        await DatasetFiles.TakeAsync(change, row.Id, Draft, cancellationToken);
        await DatasetDrafts.RemoveAsync(change, Draft, change.Info.At, cancellationToken);
        await NameAsync(change, row, cancellationToken);
        change.About($"datasets/{Name}");
        change.Record(null, DatasetState.Of(row, Tags, Aliases));
        change.Announce("dataset_version.created", DatasetState.Of(row, Tags, Aliases));
        return new AddedVersion(row, IsAdded: true);
    }

    /// <summary>The version, if it is there with the same content.</summary>
    /// <exception cref="Fault">It is there with other content, or was purged.</exception>
    public async Task<DatasetVersionRow?> FindSameAsync(Reader reader, DraftRow draft, DatasetContent content, CancellationToken cancellationToken)
    {
        if (draft.Version != Version)
        {
            throw Fault.Invalid($"The draft is one of version {draft.Version}, not {Version}.");
        }

        var there = await DatasetVersions.FindAsync(reader, Name, Version, cancellationToken);
        if (there is null || there.Kept().ByteDigest == content.ByteDigest)
        {
            return there;
        }

        throw Fault.AlreadyExists(await ContentDifference.TellAsync(reader, there, (Draft, content), cancellationToken));
    }

    private async Task<DatasetRow> GetDatasetAsync(Change change, CancellationToken cancellationToken)
    {
        if (await KnownDatasets.FindAsync(change, Name, cancellationToken) is { } known)
        {
            await KnownDatasets.TouchAsync(change, known.Id, cancellationToken);
            return known;
        }

        var id = await change.TakeIdsAsync("datasets", 1, cancellationToken);
        var dataset = new DatasetRow(id, Name, Description: null, Revision: 1) { CreatedAt = change.Info.At, UpdatedAt = change.Info.At };
        await KnownDatasets.AddAsync(change, dataset, cancellationToken);
        change.Set(new MadeDataset(id));
        return dataset;
    }

    private DatasetVersionRow RowOf(DatasetRow dataset, long id, DatasetContent content, ChangeInfo info) => new(id, dataset.Id, Name, Version)
    {
        ByteDigest = content.ByteDigest,
        TableDigest = content.Table?.TableDigest,
        Size = content.Size,
        Files = content.Files.Count,
        Samples = content.Table?.Samples,
        Features = content.Table?.Features,
        Description = Description,
        Source = Source,
        Creator = info.Actor.Name,
        CreatedAt = info.At,
    };

    private async Task NameAsync(Change change, DatasetVersionRow row, CancellationToken cancellationToken)
    {
        foreach (var tag in Tags)
        {
            await DatasetTags.SetAsync(change, row.Id, tag, cancellationToken);
        }

        foreach (var alias in Aliases)
        {
            await DatasetAliases.SetAsync(change, row, alias, cancellationToken);
        }
    }
}

/// <summary>A version that is there now, and whether it was made by this.</summary>
internal sealed record AddedVersion(DatasetVersionRow Row, bool IsAdded);

/// <summary>The dataset that a change made besides the version.</summary>
internal sealed record MadeDataset(long Id);
