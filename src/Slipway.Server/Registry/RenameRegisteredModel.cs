using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

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
        change.About($"models/{NewName}");
        change.Record(State(Name, model), State(NewName, model));
        return (await RegisteredModels.LoadAsync(change, [model.Id], cancellationToken))[0];
    }

    private static string State(string name, RegisteredModelRow model) => JsonSerializer.Serialize(new ModelState(name, model.Description), RegistryJson.Default.ModelState);
}
