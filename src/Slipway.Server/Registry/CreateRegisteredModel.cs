using System.Text.Json;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Makes a registered model, or a prompt, which is one with a tag.</summary>
internal sealed record CreateRegisteredModel(string Name, string? Description, IReadOnlyList<Pair> Tags) : ChangeRequest<RegisteredModelRow>
{
    public override string Action => "model.create";

    public override string Resource => $"models/{Name}";

    private bool IsPrompt => RegistryTags.MarkPrompt(Tags);

    public static CreateRegisteredModel Decode(CreateRegisteredModelRequest wire) =>
        new(ModelName.CheckNew(wire.Name, "name"), wire.Description, RegistryTags.Decode(wire.Tags));

    public override async Task<RegisteredModelRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        await CheckFreeAsync(change, Name, IsPrompt, cancellationToken);
        var row = new RegisteredModelRow(await change.TakeIdsAsync("registered_models", 1, cancellationToken), Name, Description, change.Info.At, change.Info.At) { Tags = Tags };
        await RegisteredModels.AddAsync(change, row, cancellationToken);
        foreach (var tag in Tags)
        {
            await RegisteredModels.SetTagAsync(change, row.Id, tag, cancellationToken);
        }

        change.Record(null, JsonSerializer.Serialize(new ModelState(Name, Description), RegistryJson.Default.ModelState));
        RegistryEvents.Announce(change, IsPrompt ? "prompt.created" : "registered_model.created", new RegistryEvent(Name)
        {
            Description = Description ?? "",
            Tags = RegistryTags.ForEvent(Tags),
        });
        return row;
    }

    public static async Task CheckFreeAsync(Reader reader, string name, bool forPrompt, CancellationToken cancellationToken)
    {
        if (await RegisteredModels.FindAsync(reader, name, cancellationToken) is not { } taken)
        {
            return;
        }

        var isPrompt = await RegisteredModels.IsPromptAsync(reader, taken.Id, cancellationToken);
        throw Fault.AlreadyExists(isPrompt == forPrompt
            ? $"{(isPrompt ? "Prompt" : "Registered Model")} (name={name}) already exists."
            : isPrompt
                ? $"Tried to create a model with name '{name}', but the name is already taken by a prompt. A model and a prompt can't share a name."
                : $"Tried to create a prompt with name '{name}', but the name is already taken by a registered model. A model and a prompt can't share a name.");
    }
}
