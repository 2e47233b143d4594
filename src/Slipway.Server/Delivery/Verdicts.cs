using System.Globalization;
using System.Text.Json;
using Slipway.Server.Delivery.Trials;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Promoting;
using Slipway.Serving.Gateway.Records;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Acts on what a gateway says: a rollout has passed or failed, or the live version got worse.</summary>
internal sealed class Verdicts(Spine spine, Stewardship stewardship)
{
    private readonly Settlement _settlement = new(spine);
    private readonly FileObserver _files = new(spine);
    private readonly TrialVerdicts _trials = new(spine, stewardship);

    public async Task ActAsync(Lease lease, Picture picture, (GatewayState State, IReadOnlyDictionary<long, string> Unserved) seen, CancellationToken cancellationToken)
    {
        foreach (var model in picture.Models)
        {
            var told = seen.State.Models.FirstOrDefault(state => state.Name == model.Name);
            if (model is { Rollout: { } rollout, Candidate: { } candidate })
            {
                var (now, unserved) = (told?.Rollout is { } known && known.Id == Digits(rollout.Id) ? known : null, seen.Unserved.GetValueOrDefault(candidate.Id));
                await (rollout.Kind == RolloutKind.Trial
                    ? TryAsync(lease, rollout, new TrialSeen(now, unserved, told?.Shift is { By: "watch" } degraded ? degraded.Reason : null), cancellationToken)
                    : JudgeAsync(lease, model, (rollout, now, unserved), cancellationToken));
            }
            else if (told?.Shift is { By: "watch" } shift)
            {
                await GoBackAsync(picture.Environment, model, shift, cancellationToken);
            }
        }
    }

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task TryAsync(Lease lease, RolloutRow trial, TrialSeen seen, CancellationToken cancellationToken)
    {
        if (!await _trials.TryEndAsync(lease, trial, seen, cancellationToken) && seen.Now is { } now)
        {
            await NoteAsync(trial, now, cancellationToken);
        }
    }

    private async Task JudgeAsync(Lease lease, ServedModelPicture model, (RolloutRow Row, RolloutState? Now, string? Unserved) rollout, CancellationToken cancellationToken)
    {
        if (rollout.Unserved is { } unserved)
        {
            await EndAsync(lease, rollout.Row, new RolloutEnd(RolloutOutcome.Failed, "files", unserved), cancellationToken);
        }
        else if (rollout.Now is { Phase: RolloutPhase.Failed } failed)
        {
            // What never had traffic was not gone back from.
            var state = failed.Signal is "start" or "readiness" ? RolloutOutcome.Failed : RolloutOutcome.RolledBack;
            await EndAsync(lease, rollout.Row, new RolloutEnd(state, failed.Signal, failed.Reason), cancellationToken);
        }
        else if (rollout.Now is { Phase: RolloutPhase.Passed })
        {
            await CompleteAsync(lease, model, rollout.Row, cancellationToken);
        }
        else if (rollout.Now is { } now)
        {
            await NoteAsync(rollout.Row, now, cancellationToken);
        }
    }

    private Task EndAsync(Lease lease, RolloutRow rollout, RolloutEnd end, CancellationToken cancellationToken) =>
        stewardship.MakeAsync(new EndRollout(rollout, end) { Lease = lease }, cancellationToken);

    // The stage, those who leave it, the audit entry and the event commit together, or the traffic goes back.
    private async Task CompleteAsync(Lease lease, ServedModelPicture model, RolloutRow rollout, CancellationToken cancellationToken)
    {
        if (rollout.Kind == RolloutKind.Follow)
        {
            await stewardship.MakeAsync(new CompleteFollow(lease, rollout), cancellationToken);
            return;
        }

        Failpoint.Reach(Failpoint.Before("promotion.complete"));
        try
        {
            await _settlement.CompleteAsync(model.Promotion!, new RolloutAtEnd(rollout.Id, lease), cancellationToken);
        }
        catch (RefusedException refused)
        {
            await EndAsync(lease, rollout, new RolloutEnd(RolloutOutcome.RolledBack, "gates", refused.Message), cancellationToken);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Conflict or FaultKind.NotFound)
        {
            // Somebody else was faster, or something changed since the look; the next look sees it.
        }

        Failpoint.Reach(Failpoint.After("promotion.complete"));
    }

    private async Task NoteAsync(RolloutRow rollout, RolloutState now, CancellationToken cancellationToken)
    {
        var phase = JsonNamingPolicy.KebabCaseLower.ConvertName(now.Phase.ToString());
        if (rollout.Phase != phase || rollout.Step != now.Step)
        {
            await spine.Ingest.WriteAsync(async (writer, token) =>
            {
                await Rollouts.NoteAsync(writer, (rollout.Id, phase, now.Step, EndOf(rollout, now)), spine.Now, token);
                return true;
            }, cancellationToken);
        }
    }

    // The time of a trial begins with its traffic.
    private static long? EndOf(RolloutRow rollout, RolloutState now) => now.Phase == RolloutPhase.Shifting ? now.Since + rollout.Trial?.Duration : rollout.Trial?.EndsAt;

    // The gateway has shifted already; what is recorded here is the stage, the reason and who left.
    private async Task GoBackAsync(ServingEnvironment environment, ServedModelPicture model, ShiftState shift, CancellationToken cancellationToken)
    {
        if (model.Previous is not { } previous || Digits(previous.Id) != shift.Deployment || model.Versions.GetValueOrDefault(previous.Version) is not { } version)
        {
            return;
        }

        var back = new RollBack(model.Name, version.Version, environment.Stage)
        {
            Reason = $"By itself: {shift.Reason}",
            Observed = await _files.ObserveAsync(version, cancellationToken),
        };
        try
        {
            await spine.Changes.MakeAsync(Settlement.Server, back, cancellationToken);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Conflict or FaultKind.NotFound or FaultKind.Denied)
        {
            // On record where it was refused; the traffic stays where the gateway brought it until the stage or the table changes.
        }
    }
}
