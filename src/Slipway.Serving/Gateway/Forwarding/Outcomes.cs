using System.Collections.Concurrent;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>How the requests of a model ended, on their way to the judge. What it can't take in time is dropped and counted.</summary>
internal sealed class Outcomes
{
    private const int Most = 65_536;

    private readonly ConcurrentQueue<(Outcome Outcome, string Deployment)> _outcomes = [];
    private readonly ConcurrentQueue<(Feedback Feedback, string Deployment)> _feedback = [];
    private int _count;
    private long _dropped;

    /// <summary>Whether anybody listens.</summary>
    public bool IsOpen { get; set; }

    public long Dropped => Volatile.Read(ref _dropped);

    public void Add(in Outcome outcome, string deployment)
    {
        if (!IsOpen)
        {
            return;
        }

        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Increment(ref _dropped);
            return;
        }

        _outcomes.Enqueue((outcome, deployment));
    }

    public void Add(in Feedback feedback, string deployment)
    {
        if (IsOpen && _feedback.Count < Most)
        {
            _feedback.Enqueue((feedback, deployment));
        }
    }

    public bool TryTake(out Outcome outcome, out string deployment)
    {
        var taken = _outcomes.TryDequeue(out var next);
        (outcome, deployment) = next;
        if (taken)
        {
            Interlocked.Decrement(ref _count);
        }

        return taken;
    }

    public bool TryTakeFeedback(out Feedback feedback, out string deployment)
    {
        var taken = _feedback.TryDequeue(out var next);
        (feedback, deployment) = next;
        return taken;
    }
}
