using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Sets a tag of a model, or deletes it; deleting one that is not there is a success.</summary>
internal sealed record SetRegisteredModelTag(string Name, string Key, string? Value) : ChangeRequest<bool>
{
    public override string Action => Value is null ? "model.delete-tag" : "model.set-tag";

    public override string Resource => $"models/{Name}";

    public static SetRegisteredModelTag Decode(SetRegisteredModelTagRequest wire)
    {
        var tag = RegistryTags.Check(wire.Key, wire.Value);
        return new SetRegisteredModelTag(Require.Text(wire.Name, "name"), tag.Key, tag.Value);
    }

    public static SetRegisteredModelTag Decode(DeleteRegisteredModelTagRequest wire) => new(Require.Text(wire.Name, "name"), Require.Text(wire.Key, "key"), null);

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        if (Value is null)
        {
            await RegisteredModels.DeleteTagAsync(change, model.Id, Key, cancellationToken);
        }
        else
        {
            await RegisteredModels.SetTagAsync(change, model.Id, new Pair(Key, Value), cancellationToken);
        }

        change.Record(null, JsonSerializer.Serialize(new NamedState(Key, Value), RegistryJson.Default.NamedState));
        if (await RegisteredModels.IsPromptAsync(change, model.Id, cancellationToken))
        {
            RegistryEvents.Announce(change, Value is null ? "prompt_tag.deleted" : "prompt_tag.set", new RegistryEvent(Name) { Key = Key, Value = Value });
        }

        return true;
    }
}
