using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>Watches the live version, window after window, against what it did when it was new or against a given profile.</summary>
internal sealed class WatchRun(DegradationWatch watch, string deployment, TimeProvider time)
{
    private readonly LookPace _pace = new(time);
    private Judge? _judge;

    public string Deployment => deployment;

    public bool IsOf(DegradationWatch other, string stable) =>
        stable == deployment && GatewayJson.Write(other).AsSpan().SequenceEqual(GatewayJson.Write(watch));

    public void Add(in Outcome outcome) => _judge?.Add(outcome with { Candidate = true, Share = 1 });

    public void Add(in Feedback feedback) => _judge?.Add(feedback);

    /// <summary>Why it has degraded, if it has.</summary>
    public string? Tick(ServingProfile? own, Action<Look> keep)
    {
        if ((watch.Profile ?? own) is not { } profile)
        {
            return null;
        }

        if (_judge is null || _judge.CandidateSamples >= watch.Window)
        {
            _judge = Judge.Against(profile, watch.Judge);
        }

        if (!_pace.IsTime(_judge.CandidateSamples, out var isNew) || _judge.Look(TimeSpan.Zero) is not { } look)
        {
            return null;
        }

        if (look.Verdict == Verdict.Fail)
        {
            keep(look);
            _judge = null;
            return look.Reason;
        }

        if (isNew)
        {
            keep(look);
        }

        return null;
    }
}
