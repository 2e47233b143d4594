using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>The stage in which a model is rolled back.</summary>
/// <param name="Model">The model's internal id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Stage">In its own spelling.</param>
/// <param name="Pipeline">The one in force; null when none is.</param>
internal sealed record RollbackPlace(long Model, string Name, string Stage, Pipeline? Pipeline)
{
    public PipelineStage? GovernedStage => Pipeline?.FindStage(Stage);

    /// <param name="reader">Where to look.</param>
    /// <param name="name">The model.</param>
    /// <param name="text">The stage that was named; null for Production, or the last of a pipeline that has none.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<RollbackPlace> FindAsync(Reader reader, string name, string? text, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(reader, name, cancellationToken);
        var pipeline = await Pipelines.FindForAsync(reader, name, cancellationToken);
        var stage = text is not null ? await Pipelines.ReadStageAsync(reader, name, text, cancellationToken)
            : pipeline is null || pipeline.FindStage(StageName.Production) is not null ? StageName.Production
            : pipeline.Stages[^1].Name;
        return stage is StageName.None or StageName.Archived
            ? throw Fault.Invalid($"Nothing is rolled back in {stage}; name a stage that serves.")
            : new RollbackPlace(model.Id, name, stage, pipeline);
    }

    /// <summary>The version that would serve again.</summary>
    /// <exception cref="Fault">There is none, or it must not.</exception>
    public async Task<ModelVersionRow> TargetAsync(Reader reader, long? number, IReadOnlyList<ModelVersionRow> holders, CancellationToken cancellationToken)
    {
        if (number is { } wanted)
        {
            return await CheckedAsync(reader, await ModelVersions.GetAsync(reader, Name, wanted, cancellationToken), holders, cancellationToken);
        }

        var targets = await Rollbacks.TargetsAsync(reader, (Model, Stage), holders.Count > 0 ? holders[0].Id : null, cancellationToken);
        return targets.Count > 0
            ? await ModelVersions.FindAsync(reader, targets[0], cancellationToken) ?? throw new InvalidOperationException($"Version {targets[0]} is no version.")
            : throw Fault.Conflict($"There is nothing to go back to: no other version of '{Name}' was in {Stage} and is still sound.");
    }

    private async Task<ModelVersionRow> CheckedAsync(Reader reader, ModelVersionRow target, IReadOnlyList<ModelVersionRow> holders, CancellationToken cancellationToken)
    {
        if (holders.Count > 0 && holders[0].Id == target.Id)
        {
            throw Fault.Conflict($"Version {target.Version} of '{Name}' is the last one that entered {Stage}; there is nothing to go back from.");
        }

        if (await Revocations.FindReasonAsync(reader, target.Id, cancellationToken) is { } reason)
        {
            throw new RefusedException($"Version {target.Version} of '{Name}' can't be gone back to: it was revoked: {reason}.");
        }

        return await Rollbacks.HasHeldAsync(reader, (Model, target.Id, Stage), cancellationToken)
            ? target
            : throw new RefusedException($"Version {target.Version} of '{Name}' can't be gone back to: it was never in {Stage}. Promote it with 'slipway promote {Name} {target.Version} --to {Stage}'.");
    }
}
