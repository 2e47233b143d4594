using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Testing;

/// <summary>The two clients of tests, against a server that tells what it received.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private readonly WebApplication _server = Silent();
    private readonly TaskCompletionSource<string> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Uri Address => new(_server.Urls.Single());

    public async Task InitializeAsync()
    {
        _server.Urls.Add("http://127.0.0.1:0");
        _server.Map("/cut", CutAsync);
        _server.Map("/{**path}", TellAsync);
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_path_of_MLflow_is_found_and_its_query_repeats()
    {
        using var client = new WireClient(Address);

        var told = (await client.GetAsync("runs/get", ("run_id", "a b"), ("run_id", "c&d"))).Ok();

        Assert.Equal("GET /api/2.0/mlflow/runs/get?run_id=a%20b&run_id=c%26d", told["line"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_prefix_of_a_server_stays_in_front()
    {
        using var client = new WireClient(new Uri(Address, "/prefix"));

        var told = (await client.GetAsync("/health")).Ok();

        Assert.Equal("GET /prefix/health", told["line"]!.GetValue<string>());
    }

    [Fact]
    public async Task Bodies_and_headers_arrive_as_they_were_given()
    {
        using var client = new WireClient(Address);
        using var bob = client.With("X-Who", "bob");

        var told = (await bob.DeleteAsync("/plain", new { run_id = "1" })).Ok();
        var raw = (await client.SendTextAsync(HttpMethod.Post, "/plain", "{not json")).Ok();

        Assert.Equal("DELETE /plain", told["line"]!.GetValue<string>());
        Assert.Equal("""{"run_id":"1"}""", told["body"]!.GetValue<string>());
        Assert.Equal("bob", told["who"]!.GetValue<string>());
        Assert.Equal("{not json", raw["body"]!.GetValue<string>());
        Assert.Equal("", raw["who"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_refusal_has_its_code_and_is_not_ok()
    {
        using var client = new WireClient(Address);

        var reply = await client.PostAsync("/plain?refuse");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("INVALID_PARAMETER_VALUE", reply.ErrorCode);
        Assert.Equal("no", reply.Message);
        Assert.Contains("INVALID_PARAMETER_VALUE", Assert.ThrowsAny<Exception>(reply.Ok).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_raw_path_is_not_tidied()
    {
        var reply = await RawHttp.SendAsync(Address, "GET /a/../%2e%2e/b HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(200, reply!.Status);
        Assert.Contains("\"line\":\"GET /a/../%2e%2e/b\"", reply.Body, StringComparison.Ordinal);
        Assert.StartsWith("application/json", reply.Header("content-type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_HTTP_is_sent_all_the_same()
    {
        var reply = await RawHttp.SendAsync(Address, "nonsense\r\n\r\n");

        Assert.Equal(400, reply!.Status);
    }

    [Fact]
    public async Task A_request_can_break_off_in_its_middle()
    {
        await RawHttp.CutAsync(Address, Encoding.ASCII.GetBytes("POST /cut HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"));

        Assert.StartsWith(await _cut.Task.WaitAsync(TimeSpan.FromSeconds(20)), "half", StringComparison.Ordinal);
    }

    private static WebApplication Silent()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        return builder.Build();
    }

    private static async Task TellAsync(HttpContext context)
    {
        if (context.Request.Query.ContainsKey("refuse"))
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsJsonAsync(new { error_code = "INVALID_PARAMETER_VALUE", message = "no" });
            return;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var body = new StreamReader(context.Request.Body);
        await context.Response.WriteAsJsonAsync(new
        {
            line = $"{context.Request.Method} {target}",
            body = await body.ReadToEndAsync(),
            who = context.Request.Headers["X-Who"].ToString(),
        });
    }

    private async Task CutAsync(HttpContext context)
    {
        var received = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(received);
            _cut.SetException(new InvalidOperationException("The whole body arrived."));
        }
        // Kestrel may drop what it has not handed on yet.
        catch (IOException)
        {
            _cut.SetResult(Encoding.ASCII.GetString(received.ToArray()));
        }
    }
}
