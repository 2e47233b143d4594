using Slipway.Server.Delivery;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>What an environment's file may say, and what is said of one that can't be used.</summary>
public sealed class EnvironmentFileTests
{
    [Fact]
    public void A_whole_file_is_read()
    {
        var environment = EnvironmentFile.Parse("""
            environment: live
            stage: Production
            models: "iris*"
            description: flowers
            listen: 127.0.0.1:6002
            public: true
            workers: 4
            timeout: 30s
            queue: 64
            warm: 1h
            sticky: X-Customer
            retry: false
            watch: false
            python: /usr/bin/python3
            rollout:
              strategy: canary
              steps: [{percent: 5, samples: 100, for: 5m}, {percent: 50}]
              start: 90s
              false_alarms: 0.01
              least_samples: 20
              horizon: 2h
              inconclusive: hold
              tolerate: {errors: 0.01, latency: 0.5, predictions: 0.2, schema: 0, accuracy: 0.05}
              limits: {error_rate: 0.2, latency_p99_ms: 250, crashes: 1, after: 30}
            """);

        Assert.Equal(("live", "Production", "iris*", "flowers", "http://127.0.0.1:6002"), (environment.Name, environment.Stage, environment.Models, environment.Description, environment.Listen));
        Assert.Equal((true, 4, TimeSpan.FromSeconds(30), 64, TimeSpan.FromHours(1)), (environment.IsPublic, environment.Workers, environment.Timeout, environment.QueueLimit, environment.Warm));
        Assert.Equal(("X-Customer", false, 0, "/usr/bin/python3"), (environment.StickyHeader, environment.RetryInFlight, environment.Watch.Count, environment.Python));
        var rollout = environment.Rollout;
        Assert.Equal((RolloutStrategy.Canary, TimeSpan.FromSeconds(90)), (rollout.Strategy, rollout.Start));
        Assert.Equal([new RolloutStep { Percent = 5, LeastSamples = 100, LeastSeconds = 300 }, new RolloutStep { Percent = 50, LeastSamples = 200 }], rollout.Steps);
        var judge = rollout.Judge;
        Assert.Equal((0.01, 20L, 7200.0, InconclusiveRule.Hold), (judge.FalseAlarms, judge.LeastSamples, judge.HorizonSeconds, judge.Inconclusive));
        Assert.Equal((0.01, 0.5, 0.2, 0.0, 0.05), (judge.ToleratedErrors, judge.ToleratedLatency, judge.ToleratedShift, judge.ToleratedSchema, judge.ToleratedAccuracy));
        Assert.Equal(new HardLimits { AfterSamples = 30, ErrorRate = 0.2, LatencyP99 = 250, Crashes = 1 }, judge.Limits);
    }

    [Theory]
    [InlineData("Staging", "http://127.0.0.1:5001")]
    [InlineData("production", "http://127.0.0.1:5002")]
    public void A_short_file_has_sane_defaults(string stage, string listen)
    {
        var environment = EnvironmentFile.Parse($"environment: e\nstage: {stage}\nmodels: '*'");

        Assert.Equal((listen, false, 1, TimeSpan.FromSeconds(60)), (environment.Listen, environment.IsPublic, environment.Workers, environment.Timeout));
        Assert.Equal((RolloutStrategy.AllAtOnce, 0.005), (environment.Rollout.Strategy, environment.Rollout.Judge.FalseAlarms));
        Assert.Equal([Signal.Errors, Signal.Schema, Signal.Accuracy], environment.Watch);
    }

    [Fact]
    public void A_watch_names_its_signals() =>
        Assert.Equal([Signal.Latency, Signal.Predictions], EnvironmentFile.Parse("environment: e\nstage: Staging\nmodels: '*'\nwatch: [latency, predictions]").Watch);

    [Fact]
    public void A_canary_without_steps_has_the_usual_ones() =>
        Assert.Equal([5.0, 25.0], EnvironmentFile.Parse("environment: e\nstage: Staging\nmodels: '*'\nrollout: {strategy: canary}").Rollout.Steps.Select(step => step.Percent));

    [Theory]
    [InlineData("stage: Staging\nmodels: x", "line 1: an environment needs 'environment'")]
    [InlineData("environment: a/b\nstage: Staging\nmodels: x", "line 1: 'environment' must be up to 64 letters, digits, dashes and underscores, not 'a/b'")]
    [InlineData("environment: e\nstage: Archived\nmodels: x", "line 2: nothing is served from Archived")]
    [InlineData("environment: e\nstage: Shadow\nmodels: x", "line 1: an environment of the stage 'Shadow' needs 'listen', such as 127.0.0.1:5003")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nlisten: localhost", "line 4: 'listen' must be an address with a port, such as 127.0.0.1:5002, not 'localhost'")]
    [InlineData("environment: e\nstage: Staging\nmodels: models:/x", "line 3: 'models' must be the name of a model or a pattern such as iris-*, up to 256 characters without / and :")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nworkers: 0", "line 4: 'workers' must be a whole number from 1 to 256, not '0'")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nwatch: [speed]", "line 4: 'watch' is true, false or a list of errors, latency, predictions, schema, accuracy, not 'speed'")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nspeed: 9", "line 4: an environment has no 'speed'; it may have")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nsticky: 'a b'", "line 4: 'sticky' must be the name of a header, such as X-Customer, not 'a b'")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nrollout: {strategy: big-bang}", "line 4: 'strategy' must be all-at-once or blue-green or canary, not 'big-bang'")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nrollout: {steps: [{percent: 5}]}", "line 4: only a canary has steps")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nrollout: {strategy: canary, steps: [{percent: 50}, {percent: 5}]}", "line 4: the share of a step is never below the one before it")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nrollout: {strategy: canary, steps: [{percent: 101}]}", "line 4: 'percent' must be a number from 0.01 to 100")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nrollout: {strategy: canary, steps: [{samples: 9}]}", "line 4: a step needs 'percent'")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nrollout: {false_alarms: 2}", "line 4: 'false_alarms' must be a number from")]
    [InlineData("environment: e\nstage: Staging\nmodels: x\nrollout: {limits: {errors: 1}}", "line 4: limits has no 'errors'; it may have")]
    public void What_is_wrong_is_told_with_its_line(string text, string problem)
    {
        var fault = Assert.Throws<Fault>(() => EnvironmentFile.Parse(text));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.StartsWith("The environment file can't be used:\n", fault.Message, StringComparison.Ordinal);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }
}
