using System.Net;
using Slipway.Store.Auditing;
using Slipway.Store.Sqlite;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Faults;

/// <summary>What a full disk may do, whatever the database: make writes wait, and nothing else.</summary>
public abstract class FullDiskContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        _server = await TestServer.StartAsync(_fresh);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    protected Fresh Place => _fresh;

    protected Database Database => _server.Database;

    protected abstract Task FillAsync();

    protected abstract Task FreeAsync();

    [Promise]
    public async Task Writes_are_unavailable_reads_go_on_and_nothing_acknowledged_is_lost()
    {
        var run = (await _server.Client.PostAsync("runs/create", new { experiment_id = "0" })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        (await _server.Client.PostAsync("registered-models/create", new { name = "before" })).Ok();
        await FillAsync();

        var models = await WriteUntilFullAsync(number => _server.Client.PostAsync("registered-models/create", new { name = $"model {number}", description = new string('d', 2000) }));
        var keys = await WriteUntilFullAsync(number => _server.Client.PostAsync("runs/log-batch", new
        {
            run_id = run,
            tags = new[] { new { key = $"tag {number}", value = new string('t', 2000) } },
            @params = new[] { new { key = $"param {number}", value = new string('p', 2000) } },
        }));
        (await _server.Client.GetAsync("registered-models/get", ("name", "before"))).Ok();

        await FreeAsync();

        (await _server.Client.PostAsync("registered-models/create", new { name = "after" })).Ok();
        (await _server.Client.PostAsync("runs/set-tag", new { run_id = run, key = "after", value = "" })).Ok();
        foreach (var number in models)
        {
            (await _server.Client.GetAsync("registered-models/get", ("name", $"model {number}"))).Ok();
        }

        var data = (await _server.Client.GetAsync("runs/get", ("run_id", run))).Ok()["run"]!["data"]!;
        Assert.Equal(keys.Count, data["params"]?.AsArray().Count ?? 0);
        Assert.Equal(keys.Count + 2, data["tags"]!.AsArray().Count);
        Assert.Equal(new AuditFinding(models.Count + 3, null), await AuditVerification.VerifyAsync(Database, CancellationToken.None));
    }

    /// <summary>Goes on until the disk is surely full, and answers what was acknowledged.</summary>
    private static async Task<List<int>> WriteUntilFullAsync(Func<int, Task<WireReply>> write)
    {
        var acknowledged = new List<int>();
        for (var (number, refused) = (0, 0); refused < 5; number++)
        {
            var reply = await write(number);
            if (reply.Status == HttpStatusCode.OK)
            {
                acknowledged.Add(number);
                Assert.True(acknowledged.Count < 1000, "The disk does not get full.");
                continue;
            }

            refused++;
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "TEMPORARILY_UNAVAILABLE"), (reply.Status, reply.ErrorCode));
            Assert.Contains("is full", reply.Message, StringComparison.Ordinal);
            Assert.True(reply.Headers.Contains("Retry-After"));
        }

        return acknowledged;
    }
}

public sealed class FullDiskOnSqlite() : FullDiskContract(Fresh.SqliteAsync)
{
    private const long Unlimited = 4294967294;

    protected override async Task FillAsync() => await LimitAsync(await PagesAsync());

    protected override Task FreeAsync() => LimitAsync(Unlimited);

    private async Task<long> PagesAsync()
    {
        await using var session = await ((SqliteDatabase)Database).Connections.LendWriterAsync(CancellationToken.None);
        return await new Writer(session, Database.Dialect).FindAsync($"pragma page_count", row => row.GetInt64(0), CancellationToken.None);
    }

    private async Task LimitAsync(long pages)
    {
        await using var session = await ((SqliteDatabase)Database).Connections.LendWriterAsync(CancellationToken.None);
        var sql = new Sql(64, 0);
        sql.AppendLiteral(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"pragma max_page_count = {pages}"));
        await new Writer(session, Database.Dialect).AnyAsync(sql, CancellationToken.None);
    }
}

[Needs("postgres")]
public sealed class FullDiskOnPostgres() : FullDiskContract(Fresh.PostgresAsync)
{
    protected override Task FillAsync() => RunAsync("""
        create function no_room() returns trigger language plpgsql as 'begin raise exception using errcode = ''53100''; end';
        create trigger no_room before insert on registered_models execute function no_room();
        create trigger no_room before insert on params execute function no_room();
        """);

    protected override Task FreeAsync() => RunAsync("drop trigger no_room on registered_models; drop trigger no_room on params");

    private async Task RunAsync(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(Place.Database);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
