using System.Globalization;

namespace Slipway.Server.Governance.Gates;

/// <summary>A gate that reads a metric of the version's run.</summary>
internal interface IMetricGate
{
    /// <summary>The metric's name.</summary>
    string Key { get; }
}

/// <summary>A metric as a gate sees it.</summary>
/// <param name="Number">Null when it is missing or no number.</param>
/// <param name="Text">For people.</param>
/// <param name="Source">The run; null when none counts.</param>
internal readonly record struct MetricValue(double? Number, string Text, string? Source)
{
    /// <summary>The value as it is, for what an approval is given to.</summary>
    public string Bound => Number is { } number ? Format(number) : "none";

    public static MetricValue Of(Evidence evidence, string key)
    {
        if (evidence.Run is not { } run)
        {
            return new MetricValue(null, $"nothing: {evidence.Objection}", null);
        }

        var source = $"runs/{run.RunId}";
        if (!evidence.Metrics.TryGetValue(key, out var point))
        {
            return new MetricValue(null, "nothing", source);
        }

        return point.IsNan ? new MetricValue(null, "NaN", source) : new MetricValue(point.Value, Format(point.Value), source);
    }

    public static string Format(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
