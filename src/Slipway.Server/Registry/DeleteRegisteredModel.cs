using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

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
