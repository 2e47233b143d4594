using Slipway.Server.Checks;
using Slipway.Server.Governance.Gates;

namespace Slipway.Server.Governance.Files;

/// <summary>Reads what a stage asks of metrics.</summary>
internal static class MetricSection
{
    private static readonly string[] ComparisonKeys = ["tolerance", "direction"];

    public static List<IGate> Read(Section metrics, StageNames names)
    {
        var gates = new List<IGate>();
        foreach (var (key, node) in metrics.Entries)
        {
            metrics.Problems.Check(key.Line, () => Keys.Check(key.Value, "metrics"));
            if (Section.Of(node, $"the metric '{Text.Shorten(key.Value)}'", metrics.Problems) is { } metric)
            {
                gates.AddRange(ReadOne(metric, key.Value, names));
            }
        }

        return gates;
    }

    private static IEnumerable<IGate> ReadOne(Section metric, string name, StageNames names)
    {
        var bound = new MetricBoundGate(name) { Min = metric.Number("min"), Max = metric.Number("max"), Equal = metric.Number("equal") };
        if (bound.Min > bound.Max)
        {
            metric.Problems.Add(metric.LineOf("max"), "'min' is above 'max', so that nothing lies between");
        }

        if (metric.Has("equal") && (metric.Has("min") || metric.Has("max")))
        {
            metric.Problems.Add(metric.LineOf("equal"), "'equal' stands without 'min' and 'max'");
        }

        var comparison = Comparison(metric, name, names);
        metric.RefuseOthers();
        if (comparison is null && !metric.Has("min") && !metric.Has("max") && !metric.Has("equal"))
        {
            metric.Problems.Add(metric.Line, $"the metric '{Text.Shorten(name)}' needs one of min, max, equal or no_worse_than");
        }

        return new IGate?[] { bound.IsOpen ? null : bound, comparison }.OfType<IGate>();
    }

    private static MetricComparisonGate? Comparison(Section metric, string name, StageNames names)
    {
        var stage = metric.Text("no_worse_than");
        var tolerance = metric.Number("tolerance") ?? 0;
        var direction = metric.OneOf("direction", "higher", "lower");
        if (!metric.Has("no_worse_than"))
        {
            foreach (var key in ComparisonKeys.Where(metric.Has))
            {
                metric.Problems.Add(metric.LineOf(key), $"'{key}' belongs to 'no_worse_than'");
            }

            return null;
        }

        if (stage is not null && !names.All.Contains(stage))
        {
            metric.Problems.Add(metric.LineOf("no_worse_than"), $"there is no stage '{Text.Shorten(stage)}' in this file");
        }

        if (!metric.Has("direction"))
        {
            metric.Problems.Add(metric.LineOf("no_worse_than"), "'no_worse_than' needs a 'direction': higher or lower is better");
        }

        if (tolerance < 0)
        {
            metric.Problems.Add(metric.LineOf("tolerance"), "'tolerance' must not be negative");
        }

        return new MetricComparisonGate(name, stage ?? "") { Tolerance = tolerance, IsHigherBetter = direction != "lower" };
    }
}
