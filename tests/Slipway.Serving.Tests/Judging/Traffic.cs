using Slipway.Serving.Judging;

namespace Slipway.Serving.Tests.Judging;

/// <summary>How a simulated version behaves: a log-normal latency around 20 ms, failures, and two classes.</summary>
internal sealed record Behaviour
{
    public double Errors { get; init; } = 0.01;

    public double Slower { get; init; } = 1;

    public double SlowShare { get; init; }

    public double FirstClass { get; init; } = 0.3;

    public double Broken { get; init; }

    public double Wrong { get; init; } = 0.1;
}

/// <summary>Requests between two simulated versions, the same for the same seed.</summary>
internal sealed class Traffic(int seed, double share, Behaviour baseline, Behaviour candidate)
{
    private readonly Random _random = new(seed);

    /// <summary>What both versions suffer alike at a moment, such as a busy machine: a factor of latency and of failures.</summary>
    public Func<long, double> Weather { get; init; } = _ => 1;

    public long Sent { get; private set; }

    public Outcome Next()
    {
        var isCandidate = _random.NextDouble() < share;
        var behaviour = isCandidate ? candidate : baseline;
        var weather = Weather(Sent++);
        return new Outcome(isCandidate, share, _random.NextDouble() < behaviour.Errors * weather, Latency(behaviour) * weather, Predict(behaviour))
        {
            BreaksSchema = _random.NextDouble() < behaviour.Broken,
        };
    }

    public Feedback Learn()
    {
        var isCandidate = _random.NextDouble() < share;
        return new Feedback(isCandidate, share, _random.NextDouble() < (isCandidate ? candidate : baseline).Wrong ? 1 : 0, IsNumber: false);
    }

    private double Latency(Behaviour behaviour)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        var slow = _random.NextDouble() < behaviour.SlowShare ? 10 : 1;
        return 20 * Math.Exp(0.5 * normal) * behaviour.Slower * slow;
    }

    private Prediction Predict(Behaviour behaviour) => Prediction.OfClass(_random.NextDouble() < behaviour.FirstClass ? "yes"u8 : "no"u8);
}
