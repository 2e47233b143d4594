using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>What a live deployment looks like from outside.</summary>
internal static class DeploymentStates
{
    public static DeploymentState Of(LiveDeployment live, Route route)
    {
        var (pool, tally) = (live.Pool, live.Pool.Tally);
        var latencies = tally.Latencies();
        double? Quantile(double share) => latencies.Count == 0 ? null : latencies.Quantile(share);
        return new DeploymentState
        {
            Id = live.Id,
            Version = pool.Deployment.Version,
            Role = pool.Deployment.Role,
            Percent = pool == route.Candidate ? route.Share * 100 : pool == route.Main ? (1 - route.Share) * 100 : 0,
            Requests = tally.Requests,
            Failures = tally.Failures,
            Rejected = tally.Rejected,
            Overflowed = tally.Overflowed,
            Retried = tally.Retried,
            TimedOut = tally.TimedOut,
            InFlight = pool.InFlight,
            Waiting = pool.Waiting,
            LatencyP50 = Quantile(0.5),
            LatencyP95 = Quantile(0.95),
            LatencyP99 = Quantile(0.99),
            Workers = live.States(),
        };
    }
}
