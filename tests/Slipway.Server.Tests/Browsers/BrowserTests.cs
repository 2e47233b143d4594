using System.Net;
using System.Net.Http.Headers;
using Slipway.Server.Routing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Browsers;

/// <summary>What a page that somebody visits can make their browser do here: nothing (cross-site request forgery, DNS rebinding).</summary>
public sealed class BrowserTests : IAsyncLifetime
{
    private const string Search = "/ajax-api/2.0/mlflow/experiments/search";

    private Fresh _fresh = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await TestServer.StartAsync(_fresh, configure: options =>
        {
            options.AllowedHosts = "slipway.example.org,*.inside.example,exact.example:8080";
            options.CorsAllowedOrigins = "https://ui.example.org,https://*.pages.example";
        });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:80")]
    [InlineData("0.0.0.0:5000")]
    [InlineData("10.1.2.3:5000")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("[fd00::1]:5000")]
    [InlineData("slipway.example.org")]
    [InlineData("SLIPWAY.example.org:5000")]
    [InlineData("a.inside.example")]
    [InlineData("exact.example:8080")]
    public async Task Hosts_of_ones_own_are_answered(string host) => Assert.Equal(HttpStatusCode.OK, await StatusOfHostAsync("GET", Search, host));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("10.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.168.evil.example")]
    [InlineData("172.32.0.1")]
    [InlineData("8.8.8.8")]
    [InlineData("inside.example.evil")]
    [InlineData("exact.example:80")]
    [InlineData("slipway.example.org.evil.example")]
    public async Task Foreign_hosts_are_refused_for_reading_and_writing_on_every_path(string host)
    {
        foreach (var (method, path) in new[] { ("GET", Search), ("POST", "/api/2.0/mlflow/experiments/create"), ("GET", "/"), ("GET", "/api/slipway/v1/me"), ("OPTIONS", Search), ("GET", "/nowhere") })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusOfHostAsync(method, path, host));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusOfHostAsync("GET", "/health", host));
        Assert.Equal(HttpStatusCode.OK, await StatusOfHostAsync("GET", "/version", host));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfHostAsync("GET", "/healthxyz", host));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("https://ui.example.org.evil.example")]
    [InlineData("https://evil.example/https://ui.example.org")]
    [InlineData("https://ui.example.org:444")]
    [InlineData("not an origin")]
    public async Task Pages_of_foreign_origins_can_not_write(string origin)
    {
        var page = _server.Client.With("Origin", origin);
        foreach (var path in new[] { "/api/2.0/mlflow/experiments/create", "/ajax-api/2.0/mlflow/experiments/create", "/api/2.0/preview/mlflow/experiments/create", "/api/slipway/v1/groups" })
        {
            var reply = await page.PostAsync(path, new { name = "forged" });
            Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
            Assert.Contains("Cross-origin request blocked", reply.Text, StringComparison.Ordinal);
            Assert.False(reply.Headers.Contains("Access-Control-Allow-Origin"));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await page.PatchAsync("registered-models/update", new { name = "a" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await page.DeleteAsync("registered-models/delete", new { name = "a" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await page.PutAsync("/api/2.0/mlflow-artifacts/artifacts/0/a.txt", new { })).Status);
        Assert.Equal("RESOURCE_DOES_NOT_EXIST", (await _server.Client.GetAsync("experiments/get-by-name", ("experiment_name", "forged"))).ErrorCode);
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("http://[::1]:3000")]
    [InlineData("https://ui.example.org")]
    [InlineData("https://a.pages.example")]
    public async Task Pages_of_this_machine_and_of_named_origins_can_write_and_read_the_answer(string origin)
    {
        var reply = await _server.Client.With("Origin", origin).PostAsync("experiments/create", new { name = "by a page" });

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(origin, reply.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", reply.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Equal("Origin", reply.Headers.Vary.Single());
    }

    [Fact]
    public async Task A_page_of_the_servers_own_origin_can_write_on_any_host()
    {
        using var request = Request("POST", "/api/2.0/mlflow/experiments/create", "slipway.example.org");
        request.Headers.Add("Origin", "https://slipway.example.org");
        request.Content = new StringContent("""{"name": "own"}""", new MediaTypeHeaderValue("application/json"));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("https://ui.example.org", true)]
    [InlineData("https://evil.example", false)]
    public async Task A_preflight_says_what_a_page_may_send(string origin, bool allowed)
    {
        using var request = Request("OPTIONS", "/api/2.0/mlflow/runs/search", "localhost");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");

        using var reply = await SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, reply.StatusCode);
        Assert.Equal(allowed, reply.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(allowed, reply.Headers.Contains("Access-Control-Allow-Methods"));
    }

    [Fact]
    public async Task All_origins_means_without_credentials()
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var server = await TestServer.StartAsync(fresh, configure: options => options.CorsAllowedOrigins = "*");

        var reply = await server.Client.With("Origin", "https://anywhere.example").PostAsync("experiments/create", new { name = "a" });

        Assert.Equal((HttpStatusCode.OK, "*"), (reply.Status, reply.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        Assert.False(reply.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task What_a_form_can_send_changes_nothing()
    {
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "multipart/form-data" })
        {
            foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
            {
                var path = method == HttpMethod.Patch ? "registered-models/update" : method == HttpMethod.Delete ? "registered-models/delete" : method == HttpMethod.Put ? "/api/slipway/v1/users/a/roles" : "experiments/create";
                var reply = await _server.Client.SendTextAsync(method, path, """{"name": "form"}""", type);
                Assert.True(reply.Status == HttpStatusCode.BadRequest && reply.Text.Contains("application/json", StringComparison.Ordinal), $"{method} {type}: {reply.Text}");
            }
        }
    }

    [Fact]
    public async Task Every_answer_forbids_sniffing_and_framing()
    {
        foreach (var path in new[] { "/", "/health", "/nowhere", Search })
        {
            var reply = await _server.Client.GetAsync(path);
            Assert.Equal("nosniff", reply.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("SAMEORIGIN", reply.Headers.GetValues("X-Frame-Options").Single());
        }
    }

    [Theory]
    [InlineData("DENY", "DENY")]
    [InlineData("NONE", null)]
    public async Task Framing_is_forbidden_as_far_as_the_options_say(string option, string? header)
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var server = await TestServer.StartAsync(fresh, configure: options => options.XFrameOptions = option);

        var reply = await server.Client.GetAsync("/health");

        Assert.Equal(header, reply.Headers.TryGetValues("X-Frame-Options", out var values) ? values.Single() : null);
        Assert.Contains("x-frame-options must be", new ServerOptions { XFrameOptions = "maybe" }.Problems().Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*.a", "b.a", true)]
    [InlineData("*.a", ".a", true)]
    [InlineData("*.a", "a", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b*c", "acb", false)]
    [InlineData("ab*bc", "abc", false)]
    [InlineData("A.b", "a.B", true)]
    public void A_star_stands_for_any_text(string pattern, string text, bool matches) => Assert.Equal(matches, Wildcard.Matches(pattern, text));

    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var http = new HttpClient();
        return await http.SendAsync(request);
    }

    private async Task<HttpStatusCode> StatusOfHostAsync(string method, string path, string host)
    {
        using var request = Request(method, path, host);
        using var reply = await SendAsync(request);
        return reply.StatusCode;
    }

    private HttpRequestMessage Request(string method, string path, string host)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_server.Address, path));
        request.Headers.TryAddWithoutValidation("Host", host);
        return request;
    }
}
