using Slipway.Serving.Gateway.Records;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>What a candidate is asked before any caller asks it.</summary>
public sealed class WarmUpTests : IAsyncLifetime
{
    private Site _site = null!;
    private EchoWorker _old = null!;
    private EchoWorker _new = null!;

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        (_old, _new) = (await _site.AddWorkerAsync(), await _site.AddWorkerAsync());
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task It_is_warmed_up_with_the_sample()
    {
        _new.Answer = context => EchoWorker.PredictAsync(context, "0.50000001");
        await RollOutAsync(Plan("r1", new ReadinessSample { Body = "{}", Expected = "{\"predictions\": [0.5]}" }) with { WarmUpRequests = 5 });

        await PassedAsync("r1");

        Assert.Equal(6, _new.Asked);
    }

    [Fact]
    public async Task The_answer_to_a_made_up_sample_does_not_matter()
    {
        var sample = new ReadinessSample { Body = "{}", IsMadeUp = true };
        await RollOutAsync(Plan("r1", sample) with { WarmUpRequests = 5 });
        await PassedAsync("r1");
        Assert.Equal(6, _new.Asked);

        _new.Answer = EchoWorker.FailAsync;
        await RollOutAsync(Plan("r2", sample));
        await PassedAsync("r2");
        Assert.Equal(7, _new.Asked);
    }

    [Fact]
    public async Task A_slow_model_is_not_warmed_up_for_long()
    {
        _new.Answer = async context =>
        {
            await Task.Delay(150);
            await EchoWorker.PredictAsync(context, "1");
        };
        await RollOutAsync(Plan("r1", new ReadinessSample { Body = "{}" }) with { WarmUpSeconds = 0.2 });

        await PassedAsync("r1");

        Assert.InRange(_new.Asked, 1, 2);
    }

    private static RolloutPlan Plan(string id, ReadinessSample sample) => new() { Id = id, Candidate = "d2", Strategy = RolloutStrategy.AllAtOnce, Readiness = sample };

    private Task RollOutAsync(RolloutPlan plan) =>
        _site.PutAsync(table => table with
        {
            Models =
            [
                new ServedModel { Name = "iris", Deployments = [Site.Deploy("d1", DeploymentRole.Stable, _old), Site.Deploy("d2", DeploymentRole.Candidate, _new)], Rollout = plan },
            ],
        });

    private Task PassedAsync(string id) => _site.WaitAsync(state => state.Models[0].Rollout is { Phase: RolloutPhase.Passed } rollout && rollout.Id == id);
}
