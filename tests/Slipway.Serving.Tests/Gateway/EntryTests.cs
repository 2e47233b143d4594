using System.Collections.Concurrent;
using System.Net;
using Slipway.Serving.Gateway;
using Slipway.Serving.Gateway.Records;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>Who may come in, while the server is there and while it is not.</summary>
public sealed class EntryTests : IAsyncLifetime
{
    private readonly ConcurrentBag<string> _questions = [];
    private Site _site = null!;
    private Listener _server = null!;

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        _server = await Listener.StartAsync("http://127.0.0.1:0", context =>
        {
            _questions.Add(context.Request.QueryString.Value!);
            context.Response.StatusCode = context.Request.Headers.Authorization.ToString() switch { "Bearer good" => 204, "" => 401, _ => 403 };
            return Task.CompletedTask;
        });
        var worker = await _site.AddWorkerAsync();
        await _site.PutAsync(table => table with
        {
            Entry = new EntryCheck($"{_server.Address}/may-invoke", KeepSeconds: 0.05),
            Models = [new ServedModel { Name = "iris", Deployments = [Site.Deploy("d1", DeploymentRole.Stable, worker)] }],
        });
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_server_says_who_may_come_in()
    {
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (await AskAsync("Bearer good"), await AskAsync("Bearer bad"), await AskAsync(null)));
        Assert.All(_questions, question => Assert.Equal("?model=iris", question));
    }

    [Fact]
    public async Task While_the_server_is_away_its_last_answers_hold_and_strangers_wait()
    {
        Assert.Equal(HttpStatusCode.OK, await AskAsync("Bearer good"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("Bearer bad"));
        await _server.DisposeAsync();

        await Task.Delay(100);

        Assert.Equal(HttpStatusCode.OK, await AskAsync("Bearer good"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync("Bearer bad"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync("Bearer other"));
    }

    private async Task<HttpStatusCode> AskAsync(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _site.At("/invocations")) { Content = new StringContent("{}") };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await _site.Callers.SendAsync(request);
        return answer.StatusCode;
    }
}
