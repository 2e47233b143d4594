using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks for a metric between bounds. What is missing or no number is never between them.</summary>
internal sealed record MetricBoundGate(string Key) : IGate, IMetricGate
{
    public double? Min { get; init; }

    public double? Max { get; init; }

    public double? Equal { get; init; }

    /// <summary>Whether it asks for nothing.</summary>
    public bool IsOpen => (Min ?? Max ?? Equal) is null;

    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var value = MetricValue.Of(entry.Evidence, Key);
        return Task.FromResult(new GateResult($"metric {Key}", value.Number is { } number && Holds(number), Required, value.Text)
        {
            Evidence = value.Source,
            Bound = value.Bound,
        });
    }

    private string Required => (Min, Max, Equal) switch
    {
        (_, _, { } equal) => $"exactly {MetricValue.Format(equal)}",
        ({ } min, { } max, _) => $"from {MetricValue.Format(min)} to {MetricValue.Format(max)}",
        ({ } min, null, _) => $"at least {MetricValue.Format(min)}",
        _ => $"at most {MetricValue.Format(Max ?? 0)}",
    };

    private bool Holds(double number) => !(number < Min) && !(number > Max) && (Equal is not { } equal || number.Equals(equal));
}
