using Slipway.Server.Checks;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Delivery;

namespace Slipway.Server.Delivery.Trials;

/// <summary>Ends a trial by hand: it has found nothing, so no test is recorded.</summary>
/// <param name="Name">The model.</param>
/// <param name="Environment">Where; null where only one is under way.</param>
internal sealed record StopTrial(string Name, string? Environment) : ChangeRequest<RolloutRow>
{
    public override string Action => "rollout.cancel";

    public override string Resource => $"models/{Name}";

    public string Reason { get; init; } = "";

    public static StopTrial Decode(string name, StopTrialRequest wire) => new(name, string.IsNullOrEmpty(wire.Environment) ? null : wire.Environment)
    {
        Reason = Text.Within(wire.Reason ?? "", RequestPromotion.TextLimit, "reason"),
    };

    public override async Task<RolloutRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        var trials = (await Rollouts.TrialsUnderWayAsync(change, model.Id, cancellationToken)).FindAll(trial => Environment is null || trial.Environment == Environment);
        var trial = trials switch
        {
            [var only] => only,
            [] => throw Fault.NotFound($"No trial of '{Name}' is under way{(Environment is null ? "" : $" in {Text.Shorten(Environment)}")}."),
            _ => throw Fault.Conflict($"Trials of '{Name}' are under way in {string.Join(", ", trials.Select(trial => trial.Environment))}: say in which one it is to end."),
        };
        change.About(trial.Resource);
        return await EndRollout.EndAsync(change, trial, new RolloutEnd(RolloutOutcome.Cancelled, "hand", Reason.Length == 0 ? $"{change.Info.Actor.Name} stopped it." : Reason), cancellationToken);
    }
}
