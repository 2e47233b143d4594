using Slipway.Server.Governance.Files;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;

namespace Slipway.Server.Delivery;

/// <summary>Reads how versions are brought into an environment.</summary>
internal static class RolloutSection
{
    private const int StepLimit = 20;
    private const int SampleLimit = 100_000_000;

    private static readonly IReadOnlyList<RolloutStep> UsualSteps = [new() { Percent = 5, LeastSamples = 200 }, new() { Percent = 25, LeastSamples = 500 }];

    public static RolloutRules Read(Section section)
    {
        var strategy = section.OneOf("strategy", "all-at-once", "blue-green", "canary") switch
        {
            "blue-green" => RolloutStrategy.BlueGreen,
            "canary" => RolloutStrategy.Canary,
            _ => RolloutStrategy.AllAtOnce,
        };
        var rules = new RolloutRules
        {
            Strategy = strategy,
            Steps = Steps(section, strategy),
            Start = section.Duration("start") ?? TimeSpan.FromMinutes(2),
            Judge = Judge(section),
        };
        section.RefuseOthers();
        return rules;
    }

    private static IReadOnlyList<RolloutStep> Steps(Section section, RolloutStrategy strategy)
    {
        if (!section.Has("steps"))
        {
            return strategy == RolloutStrategy.Canary ? UsualSteps : [];
        }

        if (strategy != RolloutStrategy.Canary)
        {
            section.Problems.Add(section.LineOf("steps"), "only a canary has steps");
        }

        if (section.Find("steps") is not YamlList { Items.Count: > 0 and <= StepLimit } list)
        {
            section.Problems.Add(section.LineOf("steps"), $"'steps' must be a list of 1 to {StepLimit} steps, such as {{percent: 5, samples: 200}}");
            return [];
        }

        var steps = list.Items.Select(item => Section.Of(item, "a step", section.Problems)).OfType<Section>().Select(Step).ToList();
        if (steps.Zip(steps.Skip(1)).Any(pair => pair.Second.Percent < pair.First.Percent))
        {
            section.Problems.Add(section.LineOf("steps"), "the share of a step is never below the one before it");
        }

        return steps;
    }

    private static RolloutStep Step(Section step)
    {
        if (!step.Has("percent"))
        {
            step.Problems.Add(step.Line, "a step needs 'percent'");
        }

        var read = new RolloutStep
        {
            Percent = Between(step, "percent", 0.01, 100) ?? 100,
            LeastSamples = step.Count("samples", SampleLimit) ?? 200,
            LeastSeconds = step.Duration("for")?.TotalSeconds ?? 0,
        };
        step.RefuseOthers();
        return read;
    }

    private static JudgeSettings Judge(Section section)
    {
        var usual = new JudgeSettings();
        var (tolerated, limits) = (section.Map("tolerate"), section.Map("limits"));
        var judge = usual with
        {
            FalseAlarms = Between(section, "false_alarms", 0.000001, 0.5) ?? usual.FalseAlarms,
            LeastSamples = section.Count("least_samples", SampleLimit) ?? usual.LeastSamples,
            HorizonSeconds = section.Duration("horizon")?.TotalSeconds ?? usual.HorizonSeconds,
            Inconclusive = section.OneOf("inconclusive", "fail", "pass", "hold") switch
            {
                "pass" => InconclusiveRule.Pass,
                "hold" => InconclusiveRule.Hold,
                _ => InconclusiveRule.Fail,
            },
            ToleratedErrors = tolerated is null ? usual.ToleratedErrors : Between(tolerated, "errors", 0, 1) ?? usual.ToleratedErrors,
            ToleratedLatency = tolerated is null ? usual.ToleratedLatency : Between(tolerated, "latency", 0, 100) ?? usual.ToleratedLatency,
            ToleratedShift = tolerated is null ? usual.ToleratedShift : Between(tolerated, "predictions", 0, 1) ?? usual.ToleratedShift,
            ToleratedSchema = tolerated is null ? usual.ToleratedSchema : Between(tolerated, "schema", 0, 1) ?? usual.ToleratedSchema,
            ToleratedAccuracy = tolerated is null ? usual.ToleratedAccuracy : Between(tolerated, "accuracy", 0, 1) ?? usual.ToleratedAccuracy,
            Limits = limits is null ? usual.Limits : Limits(limits, usual.Limits),
        };
        tolerated?.RefuseOthers();
        return judge;
    }

    private static HardLimits Limits(Section limits, HardLimits usual)
    {
        var read = new HardLimits
        {
            AfterSamples = limits.Count("after", SampleLimit) ?? usual.AfterSamples,
            ErrorRate = Between(limits, "error_rate", 0, 1),
            LatencyP99 = Between(limits, "latency_p99_ms", 0, 3_600_000),
            Crashes = limits.Count("crashes", SampleLimit) ?? usual.Crashes,
        };
        limits.RefuseOthers();
        return read;
    }

    private static double? Between(Section section, string key, double least, double most)
    {
        var number = section.Number(key);
        if (number is { } value && (value < least || value > most))
        {
            section.Problems.Add(section.LineOf(key), FormattableString.Invariant($"'{key}' must be a number from {least} to {most}"));
        }

        return number;
    }
}
