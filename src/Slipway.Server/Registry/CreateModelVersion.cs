using System.Text.Json;
using Slipway.Server.Artifacts;
using Slipway.Server.Checks;
using Slipway.Server.Tracking;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Registers a version: the next number of its model, and what its files were at this moment.</summary>
internal sealed record CreateModelVersion(string Name, string Source) : ChangeRequest<ModelVersionRow>
{
    private const string VersionsTag = "mlflow.modelVersions";

    public override string Action => "version.create";

    public override string Resource => $"models/{Name}";

    public string RunId { get; init; } = "";

    public string RunLink { get; init; } = "";

    public string Description { get; init; } = "";

    public string? LoggedModelId { get; init; }

    /// <summary>Where the files are, when the source refers to another model.</summary>
    public string? StorageLocation { get; init; }

    public IReadOnlyList<Pair> Tags { get; init; } = [];

    public Manifest? Manifest { get; init; }

    public static CreateModelVersion Decode(CreateModelVersionRequest wire) => new(Require.Text(wire.Name, "name"), Require.Text(wire.Source, "source"))
    {
        RunId = Text.Within(wire.RunId ?? "", Require.IdLimit, "run_id"),
        RunLink = wire.RunLink ?? "",
        Description = wire.Description ?? "",
        LoggedModelId = string.IsNullOrEmpty(wire.ModelId) ? null : wire.ModelId,
        Tags = RegistryTags.Decode(wire.Tags),
    };

    public override async Task<ModelVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        var row = new ModelVersionRow(await change.TakeIdsAsync("model_versions", 1, cancellationToken), model.Id, Name, await RegisteredModels.TakeVersionAsync(change, model.Id, cancellationToken))
        {
            Stage = StageName.None,
            Description = Description,
            Source = Source,
            StorageLocation = StorageLocation,
            RunId = RunId,
            RunLink = RunLink,
            LoggedModelId = LoggedModelId,
            ManifestDigest = Manifest?.Digest,
            CreatedAt = change.Info.At,
            UpdatedAt = change.Info.At,
            Tags = Tags,
        };
        await ModelVersions.AddAsync(change, row, cancellationToken);
        await AddPartsAsync(change, row, cancellationToken);
        Tell(change, row);
        return row;
    }

    private async Task AddPartsAsync(Change change, ModelVersionRow row, CancellationToken cancellationToken)
    {
        foreach (var tag in Tags)
        {
            await ModelVersions.SetTagAsync(change, row.Id, tag, cancellationToken);
        }

        if (Manifest is not null)
        {
            await VersionFiles.AddAsync(change, row.Id, Manifest, cancellationToken);
        }

        if (LoggedModelId is not null)
        {
            await LinkAsync(change, row, cancellationToken);
        }
    }

    private async Task LinkAsync(Change change, ModelVersionRow row, CancellationToken cancellationToken)
    {
        var logged = await LoggedModels.GetAsync(change, LoggedModelId!, cancellationToken);
        var item = JsonSerializer.Serialize(new VersionName(row.Name, row.Version), RegistryJson.Default.VersionName);
        var list = JsonList.Append(await LoggedModels.FindTagAsync(change, logged.Id, VersionsTag, cancellationToken), item);
        await LoggedModels.SetTagAsync(change, logged.Id, new Pair(VersionsTag, list), cancellationToken);
    }

    private void Tell(Change change, ModelVersionRow row)
    {
        change.About($"models/{Name}/versions/{RegistryEvents.Digits(row.Version)}");
        change.Record(null, JsonSerializer.Serialize(new VersionState(RegistryEvents.Digits(row.Version), row.Stage)
        {
            Description = RegistryEvents.NullIfEmpty(Description),
            Source = Source,
            RunId = RegistryEvents.NullIfEmpty(RunId),
            LoggedModelId = LoggedModelId,
            ManifestDigest = Manifest?.Digest,
        }, RegistryJson.Default.VersionState));
        RegistryEvents.Announce(change, RegistryTags.MarkPrompt(Tags) ? "prompt_version.created" : "model_version.created", new RegistryEvent(Name)
        {
            Version = RegistryEvents.Digits(row.Version),
            Source = Source,
            RunId = RegistryEvents.NullIfEmpty(RunId),
            Description = RegistryEvents.NullIfEmpty(Description),
            Tags = RegistryTags.ForEvent(Tags),
        });
    }
}
