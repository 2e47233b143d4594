using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Describes a version anew; no description clears it.</summary>
internal sealed record UpdateModelVersion(string Name, long Version, string? Description) : ChangeRequest<ModelVersionRow>
{
    public override string Action => "version.update";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public static UpdateModelVersion Decode(UpdateModelVersionRequest wire) => new(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version), wire.Description);

    public override async Task<ModelVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        await ModelVersions.DescribeAsync(change, version.Id, Description, cancellationToken);
        change.Record(State(version.Description), State(Description));
        return await ModelVersions.LoadAsync(change, version with { Description = Description, UpdatedAt = change.Info.At }, cancellationToken);
    }

    private string State(string? description) =>
        JsonSerializer.Serialize(new VersionState(RegistryEvents.Digits(Version), null) { Description = description }, RegistryJson.Default.VersionState);
}

/// <summary>Deletes a version: its number stays taken, its aliases go.</summary>
internal sealed record DeleteModelVersion(string Name, long Version) : ChangeRequest<bool>
{
    public override string Action => "version.delete";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public static DeleteModelVersion Decode(ModelVersionRequest wire) => new(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        await ModelAliases.DeleteOfVersionAsync(change, version.Id, cancellationToken);
        await ModelVersions.BuryAsync(change, version.Id, cancellationToken);
        await RegisteredModels.TouchAsync(change, version.Model, cancellationToken);
        change.Record(JsonSerializer.Serialize(new VersionState(RegistryEvents.Digits(Version), version.Stage)
        {
            Description = version.Description,
            Source = version.Source,
            RunId = version.RunId,
            LoggedModelId = version.LoggedModelId,
            ManifestDigest = version.ManifestDigest,
        }, RegistryJson.Default.VersionState), null);
        return true;
    }
}

/// <summary>Sets a tag of a version, or deletes it; deleting one that is not there is a success.</summary>
internal sealed record SetModelVersionTag(string Name, long Version, string Key, string? Value) : ChangeRequest<bool>
{
    public override string Action => Value is null ? "version.delete-tag" : "version.set-tag";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public static SetModelVersionTag Decode(SetModelVersionTagRequest wire)
    {
        var tag = RegistryTags.Check(wire.Key, wire.Value);
        return new SetModelVersionTag(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version), tag.Key, tag.Value);
    }

    public static SetModelVersionTag Decode(DeleteModelVersionTagRequest wire) =>
        new(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version), Require.Text(wire.Key, "key"), null);

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        if (Value is null)
        {
            await ModelVersions.DeleteTagAsync(change, version.Id, Key, cancellationToken);
        }
        else
        {
            await ModelVersions.SetTagAsync(change, version.Id, new Pair(Key, Value), cancellationToken);
        }

        change.Record(null, JsonSerializer.Serialize(new NamedState(Key, Value), RegistryJson.Default.NamedState));
        var isPrompt = await RegisteredModels.IsPromptAsync(change, version.Model, cancellationToken);
        RegistryEvents.Announce(change, $"{(isPrompt ? "prompt_version_tag" : "model_version_tag")}.{(Value is null ? "deleted" : "set")}", new RegistryEvent(Name)
        {
            Version = RegistryEvents.Digits(Version),
            Key = Key,
            Value = Value,
        });
        return true;
    }
}
