using System.Globalization;
using System.Text;

namespace Slipway.Server.Tests.Governance.Cases;

/// <summary>What one stage asks for, as plain values: written out as a pipeline's file, and judged by the naive evaluator.</summary>
internal sealed class Rules
{
    private static readonly double[] Bounds = [0, 0.5, 0.6, 1];

    public string Stage { get; private init; } = "Production";

    public List<(string Key, double? Min, double? Max, double? Equal)> Bound { get; } = [];

    public List<(string Key, string Against, bool Higher, double Tolerance)> Compared { get; } = [];

    public List<(string Key, string? Value)> Tags { get; } = [];

    public List<string> Tests { get; } = [];

    public string? Previous { get; private set; }

    public int? Hours { get; private set; }

    public bool AsksVersion { get; private set; }

    public bool? Archive { get; private set; }

    public int? Limit { get; private set; }

    public bool Refuses { get; private set; }

    public static Rules Random(World world)
    {
        var rules = new Rules { Stage = world.Any(World.Stages) };
        foreach (var key in World.Metrics.Where(_ => world.Once(4)))
        {
            var (low, high) = (world.Any(Bounds), world.Any(Bounds));
            switch (world.Next(4))
            {
                case 0: rules.Bound.Add((key, Math.Min(low, high), Math.Max(low, high), null)); break;
                case 1: rules.Bound.Add((key, low, null, null)); break;
                case 2: rules.Bound.Add((key, null, high, null)); break;
                default: rules.Bound.Add((key, null, null, low)); break;
            }
        }

        foreach (var key in World.Metrics.Where(key => world.Once(4) && rules.Bound.TrueForAll(bound => bound.Key != key)))
        {
            rules.Compared.Add((key, world.Any(World.Stages), world.Once(2), world.Any([0, 0.25, 1])));
        }

        rules.Tags.AddRange(World.Tags.Where(_ => world.Once(5)).Select(key => (key, world.Once(2) ? null : "passed")));
        rules.Tests.AddRange(World.Tests.Where(_ => world.Once(4)));
        rules.Previous = rules.Stage != World.Stages[0] && world.Once(4) ? World.Stages[0] : null;
        rules.Hours = rules.Previous is not null && world.Once(2) ? world.Next(60) + 1 : null;
        rules.AsksVersion = world.Once(5);
        rules.Limit = world.Once(2) ? world.Next(3) + 1 : null;
        rules.Refuses = rules.Limit is not null && world.Once(2);
        rules.Archive = world.Once(2) ? null : rules.Limit is > 1 ? false : world.Once(2);
        return rules;
    }

    /// <summary>The file that says the same.</summary>
    public string ToFile(string models)
    {
        var text = new StringBuilder($"pipeline: p\nmodels: {models}\nstages:\n");
        foreach (var stage in World.Stages)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - name: {stage}\n");
            if (stage == Stage)
            {
                WriteStage(text);
            }
        }

        return text.ToString();
    }

    private void WriteStage(StringBuilder text)
    {
        text.Append(Archive is { } archive ? $"    archive_existing: {(archive ? "true" : "false")}\n" : "");
        text.Append(Limit is { } limit ? string.Create(CultureInfo.InvariantCulture, $"    limit: {{versions: {limit}, oldest: {(Refuses ? "refuse" : "archive")}}}\n") : "");
        text.Append("    gates:\n");
        text.Append(Previous is null ? "" : $"      previous_stage: {Previous}\n");
        text.Append(Hours is { } hours ? string.Create(CultureInfo.InvariantCulture, $"      time_in_previous_stage: {hours}h\n") : "");
        text.Append(AsksVersion ? "      semantic_version: {tag: version}\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"      tests: [{string.Join(", ", Tests)}]\n      tags: {{{string.Join(", ", Tags.Select(tag => $"{tag.Key}: {tag.Value}"))}}}\n      metrics:{(Bound.Count + Compared.Count == 0 ? " {}" : "")}\n");
        foreach (var (key, min, max, equal) in Bound)
        {
            var parts = new[] { ("min", min), ("max", max), ("equal", equal) }.Where(part => part.Item2 is not null).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Item1}: {part.Item2}"));
            text.Append(CultureInfo.InvariantCulture, $"        {key}: {{{string.Join(", ", parts)}}}\n");
        }

        foreach (var (key, against, higher, tolerance) in Compared)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {key}: {{no_worse_than: {against}, direction: {(higher ? "higher" : "lower")}, tolerance: {tolerance}}}\n");
        }
    }
}
