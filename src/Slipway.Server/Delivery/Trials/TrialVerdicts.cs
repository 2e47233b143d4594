using System.Text.Json;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Server.Delivery.Trials;

/// <summary>Ends trials whose time is over: what was found becomes a test, and the stable version goes on alone.</summary>
internal sealed class TrialVerdicts(Spine spine, Stewardship stewardship)
{
    /// <summary>Ends a trial if there is something to end it for; false while it goes on.</summary>
    public async Task<bool> TryEndAsync(Lease lease, RolloutRow trial, TrialSeen seen, CancellationToken cancellationToken)
    {
        if (await FindAsync(trial, seen, cancellationToken) is not { } finding)
        {
            return false;
        }

        // The test first: a trial that has ended is looked at no more.
        if (finding.Test is { } test && !await spine.Database.ReadAsync(reader => TrialTest.IsRecordedAsync(reader, trial, cancellationToken), cancellationToken))
        {
            await stewardship.MakeAsync(TrialTest.Of(trial, test), cancellationToken);
        }

        await stewardship.MakeAsync(new EndRollout(trial, finding.End) { Lease = lease }, cancellationToken);
        return true;
    }

    private async Task<TrialFinding?> FindAsync(RolloutRow trial, TrialSeen seen, CancellationToken cancellationToken)
    {
        if (seen.Unserved is { } unserved)
        {
            return TrialFinding.Unserved(trial, unserved);
        }

        if (seen.Degraded is { } degraded)
        {
            return TrialFinding.Cancelled("watch", $"The stable version got worse, and is gone back from: {degraded}");
        }

        return seen.Now is { Phase: RolloutPhase.Passed or RolloutPhase.Failed } now ? TrialFinding.Of(trial, now, await LastLookAsync(trial, cancellationToken)) : null;
    }

    private async Task<Look?> LastLookAsync(RolloutRow trial, CancellationToken cancellationToken) =>
        await spine.Database.ReadAsync(reader => Looks.FindLastAsync(reader, trial.Id, cancellationToken), cancellationToken) is { } last
            ? last.Seen.Deserialize<Look>(GatewayJson.Options)
            : null;
}

/// <summary>What is seen of a trial.</summary>
/// <param name="Now">How far the gateway is; null when it has not told.</param>
/// <param name="Unserved">Why its files can't be laid out; null when they can.</param>
/// <param name="Degraded">Why the watch took the traffic from the stable version; null when it did not.</param>
internal sealed record TrialSeen(RolloutState? Now, string? Unserved, string? Degraded);
