using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Describes a model anew; no description clears it.</summary>
internal sealed record UpdateRegisteredModel(string Name, string? Description) : ChangeRequest<RegisteredModelRow>
{
    public override string Action => "model.update";

    public override string Resource => $"models/{Name}";

    public static UpdateRegisteredModel Decode(UpdateRegisteredModelRequest wire) => new(Require.Text(wire.Name, "name"), wire.Description);

    public override async Task<RegisteredModelRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        await RegisteredModels.DescribeAsync(change, model.Id, Description, cancellationToken);
        change.Record(State(model.Description), State(Description));
        return (await RegisteredModels.LoadAsync(change, [model.Id], cancellationToken))[0];
    }

    private string State(string? description) => JsonSerializer.Serialize(new ModelState(Name, description), RegistryJson.Default.ModelState);
}

/// <summary>Gives a model another name; versions, tags and aliases move along.</summary>
internal sealed record RenameRegisteredModel(string Name, string NewName) : ChangeRequest<RegisteredModelRow>
{
    public override string Action => "model.rename";

    public override string Resource => $"models/{Name}";

    public static RenameRegisteredModel Decode(RenameRegisteredModelRequest wire) => new(Require.Text(wire.Name, "name"), ModelName.CheckNew(wire.NewName, "new_name"));

    public override async Task<RegisteredModelRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        if (NewName != Name)
        {
            await CreateRegisteredModel.CheckFreeAsync(change, NewName, await RegisteredModels.IsPromptAsync(change, model.Id, cancellationToken), cancellationToken);
        }

        await RegisteredModels.RenameAsync(change, model.Id, NewName, cancellationToken);
        await ModelVersions.TouchAllAsync(change, model.Id, cancellationToken);
        change.Record(State(Name, model), State(NewName, model));
        return (await RegisteredModels.LoadAsync(change, [model.Id], cancellationToken))[0];
    }

    private static string State(string name, RegisteredModelRow model) => JsonSerializer.Serialize(new ModelState(name, model.Description), RegistryJson.Default.ModelState);
}

/// <summary>Removes a model for good, with all its versions, tags and aliases.</summary>
internal sealed record DeleteRegisteredModel(string Name) : ChangeRequest<bool>
{
    public override string Action => "model.delete";

    public override string Resource => $"models/{Name}";

    public static DeleteRegisteredModel Decode(RegisteredModelRequest wire) => new(Require.Text(wire.Name, "name"));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        await ModelAliases.DeleteOfModelAsync(change, model.Id, cancellationToken);
        await Stages.RemoveAllAsync(change, model.Id, cancellationToken);
        await ModelVersions.RemoveAllAsync(change, model.Id, cancellationToken);
        await RegisteredModels.RemoveAsync(change, model.Id, cancellationToken);
        change.Record(JsonSerializer.Serialize(new ModelState(Name, model.Description), RegistryJson.Default.ModelState), null);
        return true;
    }
}

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
