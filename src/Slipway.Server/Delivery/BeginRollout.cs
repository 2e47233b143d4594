using Slipway.Server.Governance;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Begins to bring the version of a promotion whose gates are met into the environment that serves its stage.</summary>
internal sealed record BeginRollout(PromotionRow Promotion) : ChangeRequest<RolloutRow>
{
    public override string Action => "rollout.begin";

    public override string Resource => Promotion.Resource;

    public ObservedFiles? Observed { get; init; }

    public override async Task<RolloutRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var promotion = await Promotions.GetAsync(change, Promotion.Id, cancellationToken);
        var standing = await Standing.OfAsync(change, promotion, (Observed, change.Info.At), cancellationToken);
        if (promotion.State == PromotionState.Deploying || standing.Report is not { IsMet: true })
        {
            throw Fault.Conflict($"Promotion {promotion.Id} is {standing.State} and can't be deployed.");
        }

        var environment = await Environments.FindServingAsync(change, (promotion.ModelName, promotion.Stage), cancellationToken)
            ?? throw Fault.Conflict($"No environment serves {promotion.Stage} of '{promotion.ModelName}' any more.");
        var rollout = await AddAsync(change, environment.Name, standing.Report.Entry.Version, new RolloutCause(RolloutKind.Promotion) { Promotion = promotion }, cancellationToken);
        await PromotionTurn.TurnAsync(change, promotion, (PromotionState.Deploying, null), standing.Report, cancellationToken);
        RolloutEvents.Tell(change, null, rollout);
        return rollout;
    }

    /// <summary>Puts a rollout and the deployment that it brings on record.</summary>
    /// <exception cref="Fault">Another one is under way.</exception>
    internal static async Task<RolloutRow> AddAsync(Change change, string environment, ModelVersionRow version, RolloutCause cause, CancellationToken cancellationToken)
    {
        if (await Rollouts.FindUnderWayAsync(change, (environment, version.Model), cancellationToken) is { } other)
        {
            throw Fault.Conflict($"Rollout {other.Id} of '{other.ModelName}' {other.Number} in {environment} is under way.{(other.Trial is null ? "" : $" It is a trial; end it with 'slipway ab stop {other.ModelName} --env {environment}', or wait for its end.")}");
        }

        var stable = await Deployments.FindAsync(change, (environment, version.Model), DeploymentPlace.Stable, cancellationToken);
        var rollout = new RolloutRow(await change.TakeIdsAsync("rollouts", 1, cancellationToken), environment, version.Model, version.Id)
        {
            ModelName = version.Name,
            Number = version.Version,
            From = stable?.Version,
            FromNumber = stable?.Number,
            Promotion = cause.Promotion?.Id,
            Kind = cause.Kind,
            Trial = cause.Trial,
            State = RolloutOutcome.UnderWay,
            Phase = "starting",
            Requester = cause.Promotion?.RequesterName ?? change.Info.Actor.Name,
            CreatedAt = change.Info.At,
            UpdatedAt = change.Info.At,
        };
        await Rollouts.AddAsync(change, rollout, cancellationToken);
        await Deployments.AddAsync(change, new DeploymentRow(await change.TakeIdsAsync("deployments", 1, cancellationToken), environment, version.Model, version.Id)
        {
            Rollout = rollout.Id,
            Role = DeploymentPlace.Candidate,
            Since = change.Info.At,
        }, cancellationToken);
        return rollout;
    }
}
