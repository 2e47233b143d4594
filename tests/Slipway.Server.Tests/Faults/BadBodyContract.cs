using System.Net;
using System.Text;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Faults;

/// <summary>Bodies that no handler ever sees whole.</summary>
public abstract class BadBodyContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private string _run = "";
    private string _before = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _run = await CreateRunAsync();
        _before = await Fingerprint.OfAsync(Database);
    }

    [Promise]
    public async Task Bodies_that_are_too_large()
    {
        var claim = await RawHttp.SendAsync(Address, $"POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{{\"run_id\"");
        Assert.Equal(400, claim!.Status);
        Assert.Contains("INVALID_PARAMETER_VALUE", claim.Body, StringComparison.Ordinal);

        using var chunked = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"run_id": "{{_run}}", "tags": [{"key": "a", "value": "{{new string('v', 33 << 20)}}"}]}""")));
        chunked.Headers.ContentType = new("application/json");
        chunked.Headers.ContentLength = null;
        var reply = await Record.ExceptionAsync(async () => Assert.Equal(HttpStatusCode.BadRequest, (await Client.SendAsync(HttpMethod.Post, "runs/log-batch", chunked)).Status));

        // The server answers and hangs up, and a client that is still sending may see only that.
        Assert.True(reply is null or HttpRequestException, reply?.ToString());
        await AssertNoEffectAsync("a large body");
    }

    [Promise]
    public async Task Bodies_that_break_off()
    {
        foreach (var body in new[] { "", "{", $"{{\"run_id\": \"{_run}\", \"key\": \"a\", \"value\": \"b\"}}" })
        {
            var head = $"POST /api/2.0/mlflow/runs/set-tag HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Type: application/json\r\n";
            await RawHttp.CutAsync(Address, Encoding.UTF8.GetBytes($"{head}Content-Length: {body.Length + 1}\r\n\r\n{body}"));
            await RawHttp.CutAsync(Address, Encoding.UTF8.GetBytes($"{head}Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n"));
            var bad = await RawHttp.SendAsync(Address, $"{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{body}");
            Assert.True(bad is null or { Status: 400 }, bad?.Head);
        }

        await AssertNoEffectAsync("a body that breaks off");
    }

    private async Task AssertNoEffectAsync(string what)
    {
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync("/health")).Status);
        Assert.True(_before == await Fingerprint.OfAsync(Database), $"After {what}: {await Fingerprint.OfAsync(Database)}, not {_before}");
    }
}

public sealed class BadBodiesOnSqlite() : BadBodyContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class BadBodiesOnPostgres() : BadBodyContract(Fresh.PostgresAsync);
