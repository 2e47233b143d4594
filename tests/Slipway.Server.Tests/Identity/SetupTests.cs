using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>How a server that asks who everybody is gets its first user, and that nobody else does.</summary>
public sealed class SetupTests : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await TestServer.StartAsync(_fresh, configure: options => options.Authentication = "required");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_is_let_in_before_there_is_a_user()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Client.GetAsync("experiments/search")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Client.PostAsync(Crowd.Native + "users", new { name = "eve", password = Crowd.Password, is_admin = true })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SetUpAsync("slw_guess", "eve")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Client.Bearing(_server.SetupToken!).GetAsync("experiments/search")).Status);
    }

    [Fact]
    public async Task The_printed_token_makes_one_admin_and_no_other()
    {
        (await SetUpAsync(_server.SetupToken!, "root")).Ok();

        Assert.Equal(HttpStatusCode.Forbidden, (await SetUpAsync(_server.SetupToken!, "eve")).Status);
        Assert.True((await _server.Client.As("root").GetAsync("users/current")).Ok()["user"]!["is_admin"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_server_with_an_admin_prints_no_token()
    {
        (await SetUpAsync(_server.SetupToken!, "root")).Ok();
        await _server.DisposeAsync();
        _server = await TestServer.StartAsync(_fresh, configure: options => options.Authentication = "required");

        Assert.Null(_server.SetupToken);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    public async Task What_a_proxy_forwards_does_not_pass_for_the_servers_own_machine(string header, string value)
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var open = await TestServer.StartAsync(fresh);

        var reply = await open.Client.With(header, value).PostAsync(Crowd.Native + "users", new { name = "eve", password = Crowd.Password, is_admin = true });

        Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
    }

    private Task<WireReply> SetUpAsync(string token, string name) =>
        _server.Client.PostAsync(Crowd.Native + "setup", new { setup_token = token, name, password = Crowd.Password });
}
