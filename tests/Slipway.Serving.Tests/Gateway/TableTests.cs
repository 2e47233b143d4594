using System.Net;
using System.Text;
using Slipway.Serving.Gateway;
using Slipway.Serving.Gateway.Records;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>How a gateway takes tables, and what it knows after it was started anew.</summary>
public sealed class TableTests : IAsyncLifetime
{
    private Site _site = null!;

    public async Task InitializeAsync() => _site = await Site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task An_older_table_is_refused_and_the_same_one_is_not()
    {
        var worker = await _site.AddWorkerAsync();
        await _site.ServeAsync(Site.Deploy("d1", DeploymentRole.Stable, worker));
        var second = await _site.ServeAsync(Site.Deploy("d2", DeploymentRole.Stable, worker));

        using var older = await PutAsync(_site.Table with { Epoch = 1 });
        using var other = await PutAsync(_site.Table with { TimeoutSeconds = 1 });
        using var same = await PutAsync(_site.Table);

        Assert.Equal(2, second.Epoch);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.OK), (older.StatusCode, other.StatusCode, same.StatusCode));
        Assert.Contains("epoch 1 is not newer", await older.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("2", await _site.VersionAsync());
    }

    [Theory]
    [InlineData("{\"epoch\": 9}", "environment")]
    [InlineData("{\"epoch\": 9, \"environment\": \"p\", \"listen\": \"ftp://x\"}", "listen can't be 'ftp://x'")]
    [InlineData("{\"epoch\": 9, \"environment\": \"p\", \"listen\": \"http://127.0.0.1:0\", \"models\": [{\"name\": \"a\", \"rollout\": {\"id\": \"r\", \"candidate\": \"d\", \"strategy\": \"canary\"}}]}", "The candidate 'd' is no deployment of a.")]
    public async Task A_table_that_makes_no_sense_changes_nothing(string json, string problem)
    {
        using var answer = await _site.PutRawAsync(json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(problem, GatewayJson.Read<ControlProblem>(await answer.Content.ReadAsByteArrayAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(0, (await _site.StateAsync()).Epoch);
    }

    [Fact]
    public async Task After_a_restart_it_serves_by_its_last_table_and_a_failed_candidate_stays_out()
    {
        var (old, bad) = (await _site.AddWorkerAsync(), await _site.AddWorkerAsync());
        bad.Answer = context => EchoWorker.PredictAsync(context, "9");
        await _site.PutAsync(table => table with
        {
            Models =
            [
                new ServedModel
                {
                    Name = "iris",
                    Deployments = [Site.Deploy("d1", DeploymentRole.Stable, old), Site.Deploy("d2", DeploymentRole.Candidate, bad)],
                    Rollout = new RolloutPlan { Id = "r1", Candidate = "d2", Strategy = RolloutStrategy.AllAtOnce, Readiness = new ReadinessSample { Body = "{}", Expected = "1" } },
                },
            ],
        });
        var failed = (await _site.WaitAsync(state => state.Models[0].Rollout!.Phase == RolloutPhase.Failed)).Models[0].Rollout;

        await _site.RestartAsync();

        var state = await _site.WaitAsync(state => state.Models[0].Deployments.All(deployment => deployment.Workers.Any(worker => worker.Health == WorkerHealth.Healthy)));
        Assert.Equal(1, state.Epoch);
        Assert.Equal(failed, state.Models[0].Rollout);
        Assert.Equal("1", await _site.VersionAsync());
    }

    [Fact]
    public async Task A_second_gateway_can_not_have_the_same_folder()
    {
        var workers = new Slipway.Serving.Workers.LocalWorkers(new Slipway.Serving.Workers.LocalWorkersOptions(_site.Folder));

        await Assert.ThrowsAsync<IOException>(() => GatewayHost.StartAsync(new GatewayOptions(_site.Folder, workers)));

        Assert.Equal(0, (await _site.StateAsync()).Epoch);
    }

    [Fact]
    public async Task The_folder_and_the_socket_are_their_owners_alone()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_site.Gateway.ControlSocket));
        using var answer = await PutAsync(new GatewayTable { Epoch = 1, Environment = "p", Listen = "http://127.0.0.1:0" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(File.Exists(Path.Join(_site.Folder, "table.json")));
    }

    private Task<HttpResponseMessage> PutAsync(GatewayTable table) => _site.PutRawAsync(Encoding.UTF8.GetString(GatewayJson.Write(table)));
}
