using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Testing;

/// <summary>What the server of a test promises, whatever the database.</summary>
public abstract class TestServerContract(Func<Task<Fresh>> freshDatabase)
{
    [Promise]
    public async Task It_answers_until_it_is_disposed_and_another_can_follow_it()
    {
        await using var fresh = await freshDatabase();
        Uri gone;
        await using (var first = await TestServer.StartAsync(fresh, new ManualTime()))
        {
            gone = first.Address;
            Assert.Equal(HttpStatusCode.OK, (await first.Client.GetAsync("/health")).Status);
        }

        using var late = new WireClient(gone);
        await Assert.ThrowsAsync<HttpRequestException>(() => late.GetAsync("/health"));
        await using var second = await TestServer.StartAsync(fresh);
        Assert.Equal("OK", (await second.Client.GetAsync("/health")).Text);
    }
}

public sealed class TestServerOnSqlite() : TestServerContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TestServerOnPostgres() : TestServerContract(Fresh.PostgresAsync);
