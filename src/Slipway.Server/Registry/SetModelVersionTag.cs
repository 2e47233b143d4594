using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

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
