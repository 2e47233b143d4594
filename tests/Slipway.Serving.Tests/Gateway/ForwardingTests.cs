using System.Net;
using System.Text;
using Slipway.Serving.Gateway.Records;
using Slipway.Testing;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>How a gateway passes requests on.</summary>
public sealed class ForwardingTests : IAsyncLifetime
{
    private Site _site = null!;

    public async Task InitializeAsync() => _site = await Site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task An_answer_names_its_version_and_an_id_that_nobody_can_guess()
    {
        var worker = await _site.AddWorkerAsync();
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, worker));

        using var first = await _site.AskAsync();
        using var second = await _site.AskAsync(path: "/models/iris/invocations");

        Assert.Equal("{\"predictions\": [0]}", await first.Content.ReadAsStringAsync());
        Assert.Equal("3", first.Headers.GetValues("X-Slipway-Model-Version").Single());
        var (one, other) = (first.Headers.GetValues("X-Slipway-Request-Id").Single(), second.Headers.GetValues("X-Slipway-Request-Id").Single());
        Assert.Equal((23, 23), (one.Length, other.Length));
        Assert.NotEqual(one[9..], other[9..]);
    }

    [Fact]
    public async Task What_is_asked_wrongly_gets_an_answer_that_helps()
    {
        var worker = await _site.AddWorkerAsync();
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, worker));

        using var unknown = await _site.AskAsync(path: "/models/wine/invocations");
        using var got = await _site.Callers.GetAsync(_site.At("/invocations"));
        using var nowhere = await _site.AskAsync(path: "/predict");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound), (unknown.StatusCode, got.StatusCode, nowhere.StatusCode));
        Assert.Contains("/models/iris/invocations", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, worker.Asked);
        Assert.Equal("\n", await _site.Callers.GetStringAsync(_site.At("/ping")));
    }

    [Fact]
    public async Task Headers_of_one_connection_and_secrets_stay_on_their_side()
    {
        var worker = await _site.AddWorkerAsync();
        var seen = new Dictionary<string, string>();
        worker.Answer = async context =>
        {
            foreach (var (name, value) in context.Request.Headers)
            {
                seen[name] = value.ToString();
            }

            context.Response.Headers["X-Private"] = "1";
            context.Response.Headers["X-Model"] = "iris";
            context.Response.Headers.Connection = "X-Private";
            await EchoWorker.PredictAsync(context, "1");
        };
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, worker));
        using var request = new HttpRequestMessage(HttpMethod.Post, _site.At("/invocations")) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer secret");
        request.Headers.TryAddWithoutValidation("Connection", "X-Hop");
        request.Headers.TryAddWithoutValidation("X-Hop", "1");
        request.Headers.TryAddWithoutValidation("X-Kept", "yes");

        using var answer = await _site.Callers.SendAsync(request);

        Assert.Equal("yes", seen["X-Kept"]);
        Assert.Equal("application/json; charset=utf-8", seen["Content-Type"]);
        Assert.DoesNotContain("Authorization", seen.Keys);
        Assert.DoesNotContain("X-Hop", seen.Keys);
        Assert.Equal("iris", answer.Headers.GetValues("X-Model").Single());
        Assert.False(answer.Headers.Contains("X-Private"));
    }

    [Fact]
    public async Task Big_bodies_are_streamed_both_ways_without_being_kept()
    {
        var worker = await _site.AddWorkerAsync();
        const long Size = 256L << 20;
        var (heard, answered) = (new TaskCompletionSource(), new TaskCompletionSource());
        worker.Answer = async context =>
        {
            await context.Request.Body.ReadExactlyAsync(new byte[1]);
            heard.SetResult();
            Assert.Equal(Size - 1, await CountAsync(context.Request.Body));
            await new Zeros(Size / 2).CopyToAsync(context.Response.Body);
            await answered.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await new Zeros(Size / 2).CopyToAsync(context.Response.Body);
        };
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, worker));

        // Either side sends its second half only when the other has seen something of the first.
        using var request = new HttpRequestMessage(HttpMethod.Post, _site.At("/invocations")) { Content = new Halves(Size / 2, heard.Task) };
        using var answer = await _site.Callers.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1]);
        answered.SetResult();

        Assert.Equal(Size - 1, await CountAsync(body));
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_answered_504_and_counted()
    {
        var worker = await _site.AddWorkerAsync();
        worker.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await _site.PutAsync(table => table with { TimeoutSeconds = 0.2, Models = [new ServedModel { Name = "iris", Deployments = [Site.Deploy("d3", DeploymentRole.Stable, worker)] }] });

        using var answer = await _site.AskAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains("No answer within 0.2 s.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var deployment = (await _site.StateAsync()).Models[0].Deployments[0];
        Assert.Equal((1, 1), (deployment.TimedOut, deployment.Failures));
    }

    [Fact]
    public async Task A_full_queue_is_answered_429_with_a_time_to_come_back()
    {
        var worker = await _site.AddWorkerAsync();
        var go = new TaskCompletionSource();
        worker.Answer = async context =>
        {
            await go.Task;
            await EchoWorker.PredictAsync(context, "1");
        };
        await _site.PutAsync(table => table with { RequestsPerWorker = 2, QueueLimit = 3, Models = [new ServedModel { Name = "iris", Deployments = [Site.Deploy("d3", DeploymentRole.Stable, worker)] }] });
        var asked = Enumerable.Range(0, 5).Select(_ => _site.AskAsync()).ToList();
        await _site.WaitAsync(state => state.Models[0].Deployments[0] is { InFlight: 2, Waiting: 3 });

        using var refused = await _site.AskAsync();
        go.SetResult();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(2 + 3, worker.Asked);
    }

    [Fact]
    public async Task Nobody_there_is_503()
    {
        await _site.PutAsync(table => table with { TimeoutSeconds = 0.3, Models = [new ServedModel { Name = "iris" }] });
        using var none = await _site.AskAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, none.StatusCode);
        Assert.Equal("1", none.Headers.GetValues("Retry-After").Single());
        using var ping = await _site.Callers.GetAsync(_site.At("/ping"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ping.StatusCode);
    }

    [Fact]
    public async Task The_worker_with_least_to_do_is_asked()
    {
        var (busy, free) = (await _site.AddWorkerAsync(), await _site.AddWorkerAsync());
        var go = new TaskCompletionSource();
        busy.Answer = async context =>
        {
            await go.Task;
            await EchoWorker.PredictAsync(context, "1");
        };
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, busy, free));
        await _site.WaitAsync(state => state.Models[0].Deployments[0].Workers.All(worker => worker.Health == WorkerHealth.Healthy));
        var stuck = new List<Task<HttpResponseMessage>>();
        while (busy.Asked == 0)
        {
            stuck.Add(_site.AskAsync());
            await Task.WhenAny(stuck[^1], Task.Delay(100));
        }

        for (var i = 0; i < 10; i++)
        {
            using var answer = await _site.AskAsync();
        }

        Assert.Equal(1, busy.Asked);
        go.SetResult();
        await Task.WhenAll(stuck);
    }

    [Fact]
    public async Task A_worker_that_died_costs_no_request_that_can_go_elsewhere()
    {
        var (dying, living) = (await _site.AddWorkerAsync(), await _site.AddWorkerAsync());
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, dying, living));
        await using var callers = new Callers(_site);
        await _site.WaitAsync(_ => dying.Asked > 50);

        await dying.DisposeAsync();
        await _site.WaitAsync(state => state.Models[0].Deployments[0].Workers.Any(worker => worker.Health == WorkerHealth.Unhealthy) && living.Asked > 200);
        await callers.StopAsync();

        Assert.Empty(callers.Failures);
    }

    [Fact]
    public async Task A_worker_that_hangs_is_sent_nothing_until_it_answers_again()
    {
        var (hanging, living) = (await _site.AddWorkerAsync(), await _site.AddWorkerAsync());
        await _site.PutAsync(table => table with { TimeoutSeconds = 0.2, Models = [new ServedModel { Name = "iris", Deployments = [Site.Deploy("d3", DeploymentRole.Stable, hanging, living)] }] });
        await _site.WaitAsync(state => state.Models[0].Deployments[0].Workers.All(worker => worker.Health == WorkerHealth.Healthy));
        hanging.IsWell = false;
        hanging.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var callers = new Callers(_site);
        await _site.WaitAsync(state => state.Models[0].Deployments[0].Workers[0].Health == WorkerHealth.Unhealthy);
        var asked = hanging.Asked;
        var answered = callers.Answered;

        await _site.WaitAsync(_ => callers.Answered > answered + 200);
        Assert.InRange(hanging.Asked, asked, asked + 8);

        (hanging.IsWell, hanging.Answer) = (true, context => EchoWorker.PredictAsync(context, "1"));
        await _site.WaitAsync(_ => hanging.Asked > asked + 50);
        await callers.StopAsync();
        Assert.All(callers.Failures, failure => Assert.StartsWith("504", failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_may_not_be_repeated_is_not()
    {
        var worker = await _site.AddWorkerAsync();
        worker.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await _site.PutAsync(table => table with { Models = [new ServedModel { Name = "iris", RetryInFlight = false, Deployments = [Site.Deploy("d3", DeploymentRole.Stable, worker)] }] });

        using var answer = await _site.AskAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(1, worker.Asked);
    }

    [Fact]
    public async Task A_caller_who_is_slow_to_read_gets_all_of_it_and_holds_up_nobody()
    {
        var worker = await _site.AddWorkerAsync();
        worker.Answer = async context =>
        {
            if (context.Request.Headers.ContainsKey("X-Big"))
            {
                await new Zeros(32 << 20).CopyToAsync(context.Response.Body);
                return;
            }

            await EchoWorker.PredictAsync(context, "1");
        };
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, worker));
        using var request = new HttpRequestMessage(HttpMethod.Post, _site.At("/invocations")) { Content = new StringContent("{}"), Headers = { { "X-Big", "1" } } };
        using var slow = await _site.Callers.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await slow.Content.ReadAsStreamAsync();

        for (var i = 0; i < 20; i++)
        {
            using var answer = await _site.AskAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(32 << 20, await CountAsync(stream));
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{", 408)]
    [InlineData("Content-Length: 100000\r\n\r\n{", 408)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400)]
    public async Task A_caller_who_sends_slowly_or_nonsense_is_no_failure_of_the_model(string rest, int status)
    {
        var worker = await _site.AddWorkerAsync();
        await _site.PutAsync(table => table with { TimeoutSeconds = 0.3, Models = [new ServedModel { Name = "iris", Deployments = [Site.Deploy("d3", DeploymentRole.Stable, worker)] }] });

        for (var i = 0; i < 4; i++)
        {
            var reply = await RawHttp.SendAsync(_site.At("/"), $"POST /invocations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{rest}");
            Assert.Equal(status, reply!.Status);
        }

        var deployment = (await _site.StateAsync()).Models[0].Deployments[0];
        Assert.Equal((0, 0, WorkerHealth.Healthy), (deployment.Failures, deployment.TimedOut, deployment.Workers[0].Health));
    }

    [Fact]
    public async Task Half_an_answer_does_not_look_like_a_whole_one()
    {
        var worker = await _site.AddWorkerAsync();
        worker.Answer = async context =>
        {
            await new Zeros(1 << 20).CopyToAsync(context.Response.Body);
            context.Abort();
        };
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, worker));

        await Assert.ThrowsAnyAsync<Exception>(() => _site.AskAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _site.AskAsync());
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_nobodys_failure()
    {
        var worker = await _site.AddWorkerAsync();
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, worker));

        await RawHttp.CutAsync(_site.At("/"), Encoding.ASCII.GetBytes("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"));
        using var answer = await _site.AskAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var state = await _site.WaitAsync(state => state.Models[0].Deployments[0].InFlight == 0);
        Assert.Equal(0, state.Models[0].Deployments[0].Failures);
    }

    private static async Task<long> CountAsync(Stream stream)
    {
        var buffer = new byte[64 << 10];
        var count = 0L;
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            count += read;
        }

        return count;
    }
}
