using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Moves a version to another stage, and the others out of it if asked.</summary>
internal sealed record TransitionStage(string Name, long Version, string Stage, bool ArchiveExisting) : ChangeRequest<ModelVersionRow>
{
    public override string Action => "version.transition";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public static TransitionStage Decode(TransitionStageRequest wire)
    {
        var stage = StageName.Parse(Require.Text(wire.Stage, "stage"));
        var archive = wire.ArchiveExistingVersions ?? false;
        return archive && !StageName.IsServed(stage)
            ? throw Fault.Invalid($"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are {StageName.Staging} and {StageName.Production}.")
            : new TransitionStage(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version), stage, archive);
    }

    public override async Task<ModelVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        await Stages.EnterAsync(change, version, Stage, cancellationToken);
        var archived = ArchiveExisting ? await Stages.ArchiveOthersAsync(change, version, Stage, cancellationToken) : 0;
        await RegisteredModels.TouchAsync(change, version.Model, cancellationToken);

        change.Record(State(version.Stage, 0), State(Stage, archived));
        RegistryEvents.Announce(change, "model_version.transitioned", new RegistryEvent(Name) { Version = RegistryEvents.Digits(Version), From = version.Stage, To = Stage });
        return await ModelVersions.LoadAsync(change, version with { Stage = Stage, UpdatedAt = change.Info.At }, cancellationToken);
    }

    private string State(string stage, int archived) =>
        JsonSerializer.Serialize(new VersionState(RegistryEvents.Digits(Version), stage) { Archived = archived == 0 ? null : archived }, RegistryJson.Default.VersionState);
}
