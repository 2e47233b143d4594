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
