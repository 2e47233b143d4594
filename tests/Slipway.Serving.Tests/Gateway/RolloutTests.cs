using System.Net;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>How a gateway brings traffic from one version to the next, by itself.</summary>
public sealed class RolloutTests : IAsyncLifetime
{
    private static readonly JudgeSettings _judge = new() { Signals = [Signal.Errors, Signal.Latency], ToleratedLatency = 50, ToleratedMilliseconds = 1000 };

    private Site _site = null!;
    private EchoWorker _old = null!;
    private EchoWorker _new = null!;

    private Deployment Stable => Site.Deploy("d1", DeploymentRole.Stable, _old);

    private Deployment Candidate => Site.Deploy("d2", DeploymentRole.Candidate, _new);

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        (_old, _new) = (await _site.AddWorkerAsync(), await _site.AddWorkerAsync());
        await _site.ServeAsync(Stable);
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Tables_replace_each_other_without_a_failed_request()
    {
        await using var callers = new Callers(_site);
        for (var i = 0; i < 20; i++)
        {
            await _site.ServeAsync(Site.Deploy($"d{100 + i}", DeploymentRole.Stable, i % 2 == 0 ? _new : _old), Site.Deploy("d1", DeploymentRole.Previous, _old));
        }

        await _site.ServeAsync(Stable);
        await callers.StopAsync();

        Assert.Empty(callers.Failures);
        Assert.True(callers.Versions.Count > 10, $"{callers.Versions.Count} versions answered");
    }

    [Fact]
    public async Task A_blue_green_rollout_passes_without_a_failed_request()
    {
        await using var callers = new Callers(_site);
        await _site.WaitAsync(state => state.Models[0].Deployments[0].Requests > 300);
        await RollOutAsync(new RolloutPlan { Id = "r1", Candidate = "d2", Strategy = RolloutStrategy.BlueGreen, Steps = [new RolloutStep { Percent = 100, LeastSamples = 300 }], Judge = _judge });

        var state = await PhaseAsync(RolloutPhase.Passed);
        Assert.Equal(100, state.Percent);
        Assert.True(state.BaselineSamples >= 200);
        await _site.ServeAsync(Candidate with { Role = DeploymentRole.Stable }, Stable with { Role = DeploymentRole.Previous });
        await callers.StopAsync();

        Assert.Empty(callers.Failures);
        Assert.Equal("2", await _site.VersionAsync());
    }

    [Fact]
    public async Task A_canary_goes_up_step_by_step_and_holds_at_the_last()
    {
        await using var callers = new Callers(_site);
        await RollOutAsync(Canary(("r1", 5), 20, 50));

        var state = await PhaseAsync(RolloutPhase.Passed);
        await callers.StopAsync();

        Assert.Equal((2, 50), (state.Step, state.Percent));
        Assert.Empty(callers.Failures);
        var looks = await _site.LooksAsync(0);
        Assert.Equal([5, 20, 50], looks.Select(look => look.Percent).Distinct());
        Assert.Equal(Enumerable.Range(1, looks.Count).Select(number => (long)number), looks.Select(look => look.Number));
        Assert.Equal(3, looks.Count(look => look.Judged.Verdict == Verdict.Pass));
        Assert.Empty(await _site.LooksAsync(looks[^1].Number));
    }

    [Fact]
    public async Task A_bad_canary_is_thrown_out_and_the_numbers_are_told()
    {
        _new.Answer = EchoWorker.FailAsync;
        await using var callers = new Callers(_site);
        await RollOutAsync(Canary(("r1", 10), 50));

        var state = await PhaseAsync(RolloutPhase.Failed);

        Assert.Equal(("errors", 0), (state.Signal, state.Percent));
        Assert.StartsWith("error rate: 100 % in ", state.Reason, StringComparison.Ordinal);
        var asked = _new.Asked;
        var answered = callers.Answered;
        await _site.WaitAsync(_ => callers.Answered > answered + 200);
        Assert.InRange(_new.Asked, asked, asked + 8);
        Assert.Contains(await _site.LooksAsync(0), look => look.Judged.Verdict == Verdict.Fail && look.Judged.Reason == state.Reason);
    }

    [Fact]
    public async Task A_candidate_that_answers_the_sample_wrongly_gets_no_traffic()
    {
        _new.Answer = context => EchoWorker.PredictAsync(context, "0.7");
        await RollOutAsync(Canary(("r1", 50)) with { Readiness = new ReadinessSample { Body = "{}", Expected = "{\"predictions\": [0.5]}" } });

        var state = await PhaseAsync(RolloutPhase.Failed);

        Assert.Equal("readiness", state.Signal);
        Assert.Contains("the sample was answered {\"predictions\": [0.7]}, expected was", state.Reason, StringComparison.Ordinal);
        Assert.Equal(1, _new.Asked);
    }

    [Fact]
    public async Task A_candidate_that_does_not_start_has_failed()
    {
        _new.IsWell = false;
        await RollOutAsync(Canary(("r1", 50)) with { StartSeconds = 0.3 });

        Assert.Equal("start", (await PhaseAsync(RolloutPhase.Failed)).Signal);
        Assert.Equal("1", await _site.VersionAsync());
    }

    [Fact]
    public async Task A_rollback_by_hand_takes_effect_for_all_new_requests_at_once()
    {
        await using var callers = new Callers(_site);
        await RollOutAsync(new RolloutPlan { Id = "r1", Candidate = "d2", Strategy = RolloutStrategy.AllAtOnce });
        await PhaseAsync(RolloutPhase.Passed);
        Assert.Equal("2", await _site.VersionAsync());
        var begun = System.Diagnostics.Stopwatch.StartNew();

        using var answer = await _site.RollBackAsync(new RollbackOrder("iris", Reason: "it smells"));
        var version = await _site.VersionAsync();

        Assert.True(begun.Elapsed < TimeSpan.FromSeconds(1), $"{begun.Elapsed}");
        Assert.Equal((HttpStatusCode.OK, "1"), (answer.StatusCode, version));
        await callers.StopAsync();
        Assert.Empty(callers.Failures);
        var state = (await _site.StateAsync()).Models[0].Rollout!;
        Assert.Equal(("hand", "it smells"), (state.Signal, state.Reason));
    }

    [Fact]
    public async Task Without_a_rollout_a_rollback_goes_to_the_warm_previous_version_and_stays()
    {
        await _site.ServeAsync(Candidate with { Role = DeploymentRole.Stable }, Stable with { Role = DeploymentRole.Previous });
        await _site.WaitAsync(state => state.Models[0].Deployments.All(deployment => deployment.Workers[0].Health == WorkerHealth.Healthy));

        using var answer = await _site.RollBackAsync(new RollbackOrder("iris"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("1", await _site.VersionAsync());
        await _site.RestartAsync();
        await _site.WaitAsync(state => state.Models[0].Shift is { Deployment: "d1", By: "hand" } && state.Models[0].Deployments[1].Workers[0].Health == WorkerHealth.Healthy);
        Assert.Equal("1", await _site.VersionAsync());
        using var wrong = await _site.RollBackAsync(new RollbackOrder("iris", "d99"));
        Assert.Equal(HttpStatusCode.Conflict, wrong.StatusCode);
    }

    [Fact]
    public async Task A_lost_candidate_costs_callers_nothing()
    {
        await using var callers = new Callers(_site);
        await RollOutAsync(Canary(("r1", 50)) with { Steps = [new RolloutStep { Percent = 50, LeastSamples = 1_000_000 }] });
        await _site.WaitAsync(_ => _new.Asked > 50);

        await _new.DisposeAsync();
        var answered = callers.Answered;
        await _site.WaitAsync(_ => callers.Answered > answered + 500);
        await callers.StopAsync();

        Assert.Empty(callers.Failures);
    }

    [Fact]
    public async Task The_same_key_always_meets_the_same_version()
    {
        await _site.PutAsync(table => table with
        {
            Models =
            [
                new ServedModel
                {
                    Name = "iris",
                    StickyHeader = "X-Customer",
                    Deployments = [Stable, Candidate],
                    Rollout = Canary(("r1", 30)) with { Steps = [new RolloutStep { Percent = 30, LeastSamples = 1_000_000 }] },
                },
            ],
        });
        await PhaseAsync(RolloutPhase.Shifting);
        var versions = new Dictionary<int, string>();
        for (var customer = 0; customer < 200; customer++)
        {
            versions[customer] = await AskAsAsync(customer);
        }

        for (var customer = 0; customer < 200; customer += 7)
        {
            Assert.Equal(versions[customer], await AskAsAsync(customer));
        }

        Assert.InRange(versions.Values.Count(version => version == "2"), 35, 85);
    }

    [Fact]
    public async Task A_live_version_that_degrades_gives_way_to_the_previous_one()
    {
        await _site.PutAsync(table => table with
        {
            Models = [new ServedModel { Name = "iris", Deployments = [Candidate with { Role = DeploymentRole.Stable }, Stable with { Role = DeploymentRole.Previous }], Watch = new DegradationWatch { Judge = _judge } }],
        });
        await using var callers = new Callers(_site);
        await _site.WaitAsync(state => state.Models[0].Profile is not null);

        _new.Answer = EchoWorker.FailAsync;
        var state = await _site.WaitAsync(state => state.Models[0].Shift is not null);

        Assert.Equal(("d1", "watch"), (state.Models[0].Shift!.Deployment, state.Models[0].Shift!.By));
        Assert.StartsWith("error rate:", state.Models[0].Shift!.Reason, StringComparison.Ordinal);
        Assert.Equal("1", await _site.VersionAsync());
    }

    [Fact]
    public async Task A_trial_does_not_keep_the_live_version_from_being_watched()
    {
        var tried = Site.Deploy("d3", DeploymentRole.Candidate, await _site.AddWorkerAsync());
        await _site.PutAsync(table => table with
        {
            Models =
            [
                new ServedModel
                {
                    Name = "iris",
                    Deployments = [Candidate with { Role = DeploymentRole.Stable }, Stable with { Role = DeploymentRole.Previous }, tried],
                    Watch = new DegradationWatch { Judge = _judge },
                    Rollout = new RolloutPlan { Id = "r1", Candidate = "d3", Strategy = RolloutStrategy.Trial, Steps = [new RolloutStep { Percent = 20, LeastSeconds = 600 }], Judge = _judge },
                },
            ],
        });
        await using var callers = new Callers(_site);
        await _site.WaitAsync(state => state.Models[0] is { Profile: not null, Rollout.Phase: RolloutPhase.Shifting });

        _new.Answer = EchoWorker.FailAsync;
        var state = await _site.WaitAsync(state => state.Models[0].Shift is not null);

        Assert.Equal(("d1", "watch"), (state.Models[0].Shift!.Deployment, state.Models[0].Shift!.By));
        Assert.Equal("1", await _site.VersionAsync());
    }

    private static RolloutPlan Canary((string Id, double Percent) first, params double[] percents) => new()
    {
        Id = first.Id,
        Candidate = "d2",
        Strategy = RolloutStrategy.Canary,
        Steps = [.. percents.Prepend(first.Percent).Select(percent => new RolloutStep { Percent = percent, LeastSamples = 60 })],
        Judge = _judge,
    };

    private Task RollOutAsync(RolloutPlan plan) =>
        _site.PutAsync(table => table with { Models = [new ServedModel { Name = "iris", Deployments = [Stable, Candidate], Rollout = plan }] });

    private async Task<RolloutState> PhaseAsync(RolloutPhase phase) =>
        (await _site.WaitAsync(state => state.Models[0].Rollout?.Phase == phase)).Models[0].Rollout!;

    private async Task<string> AskAsAsync(int customer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _site.At("/invocations")) { Content = new StringContent("{}"), Headers = { { "X-Customer", $"c{customer}" } } };
        using var answer = await _site.Callers.SendAsync(request);
        return answer.Headers.GetValues("X-Slipway-Model-Version").Single();
    }
}
