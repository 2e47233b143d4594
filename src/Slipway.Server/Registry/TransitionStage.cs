using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Moves a version to another stage, and the others out of it if asked and no rule says otherwise.</summary>
internal sealed record TransitionStage(string Name, long Version, string Stage, bool ArchiveExisting) : ChangeRequest<ModelVersionRow>, IStageChange
{
    public override string Action => "version.transition";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public ObservedFiles? Observed { get; init; }

    public static TransitionStage Decode(TransitionStageRequest wire) =>
        new(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version), Require.Text(wire.Stage, "stage"), wire.ArchiveExistingVersions ?? false);

    public override async Task<ModelVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        return await EnterAsync(change, version, ArchiveExisting, cancellationToken);
    }

    /// <summary>Enters the stage for which the change has a pass, and answers the version as it is then.</summary>
    public static async Task<ModelVersionRow> EnterAsync(Change change, ModelVersionRow version, bool archiveExisting, CancellationToken cancellationToken)
    {
        var pass = change.Find<StagePass>() ?? throw new InvalidOperationException($"No rule let version {version.Version} of {version.Name} pass.");
        var leaving = pass.Leaving ?? await LeavingAsync(change, version, archiveExisting ? pass.Stage : null, cancellationToken);
        await Stages.EnterAsync(change, version, pass, cancellationToken);
        await Stages.ArchiveAsync(change, leaving, cancellationToken);
        await RegisteredModels.TouchAsync(change, version.Model, cancellationToken);

        foreach (var left in leaving)
        {
            change.About($"models/{left.Name}/versions/{left.Version}");
        }

        IReadOnlyList<string>? archived = leaving.Count == 0 ? null : [.. leaving.Select(left => RegistryEvents.Digits(left.Version))];
        change.Record(State(version, version.Stage, null), State(version, pass.Stage, archived));
        RegistryEvents.Announce(change, "model_version.transitioned", new RegistryEvent(version.Name) { Version = RegistryEvents.Digits(version.Version), From = version.Stage, To = pass.Stage });
        return await ModelVersions.LoadAsync(change, version with { Stage = pass.Stage, UpdatedAt = change.Info.At }, cancellationToken);
    }

    private static async Task<IReadOnlyList<ModelVersionRow>> LeavingAsync(Reader reader, ModelVersionRow version, string? stage, CancellationToken cancellationToken) => stage is null
        ? []
        : [.. (await ModelVersions.InStageAsync(reader, version.Model, stage, cancellationToken)).Where(holder => holder.Id != version.Id)];

    private static string State(ModelVersionRow version, string stage, IReadOnlyList<string>? archived) =>
        JsonSerializer.Serialize(new VersionState(RegistryEvents.Digits(version.Version), stage) { Archived = archived }, RegistryJson.Default.VersionState);
}
