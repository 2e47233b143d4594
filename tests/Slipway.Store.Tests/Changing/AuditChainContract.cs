using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Changing;

/// <summary>What the audit log promises, whatever the database.</summary>
public abstract class AuditChainContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly CrookedClock _clock = new();
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase, new StoreSetup { Time = _clock });

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task After_500_mixed_changes_it_has_no_gap_and_holds_together()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(maker => Task.Run(() => MakeMixedAsync(maker, 25))));

        var done = outcomes.Sum(maker => maker.Done);
        var refused = outcomes.Sum(maker => maker.Refused);
        Assert.Equal((300, 100), (done, refused));
        Assert.Equal(new AuditFinding(301, null), await _store.VerifyAsync());
        Assert.Equal(["301 1 301"], await _store.ColumnAsync($"select cast(count(*) as text) || ' ' || cast(min(seq) as text) || ' ' || cast(max(seq) as text) from audit"));
        Assert.Equal(["1"], await _store.ColumnAsync($"select count(*) from audit where outcome = 'refused'"));
        Assert.Equal(300, (await _store.NotesAsync()).Count);
        Assert.Equal(["300"], await _store.ColumnAsync($"select count(*) from outbox o join audit a on a.seq = o.seq and a.outcome = 'done' and a.at = o.at"));
    }

    [Promise]
    public async Task Entries_are_the_bytes_that_were_hashed_each_with_the_hash_before_it()
    {
        for (var i = 0; i < 5; i++)
        {
            await _store.MakeAsync(new WriteNote($"note {i} é \"<>&\" 船"));
        }

        var rows = await _store.Database.ReadAsync(reader => reader.ListAsync(
            $"select entry, hash, change_id, at from audit order by seq",
            row => (Entry: row.GetFieldValue<byte[]>(0), Hash: row.GetString(1), Change: row.GetString(2), At: row.GetInt64(3)),
            CancellationToken.None), CancellationToken.None);
        var previous = "";
        foreach (var row in rows)
        {
            using var entry = JsonDocument.Parse(row.Entry);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(row.Entry)), row.Hash);
            Assert.Equal(previous, entry.RootElement.GetProperty("previous").GetString());
            Assert.Equal((row.Change, row.At), (entry.RootElement.GetProperty("change").GetString(), entry.RootElement.GetProperty("time").GetInt64()));
            previous = row.Hash;
        }

        Assert.Equal([previous], await _store.ColumnAsync($"select hash from audit_end"));
    }

    [Promise]
    public async Task Time_never_goes_back_although_the_clock_does()
    {
        foreach (var minute in new[] { 5, 3, 7, 0, 6, 9 })
        {
            _clock.Set(TimeSpan.FromMinutes(minute));
            await _store.MakeAsync(new WriteNote($"minute {minute}"));
        }

        var start = CrookedClock.Start.ToUnixTimeMilliseconds();
        var minutes = (await _store.ColumnAsync($"select at from audit order by seq")).Select(at => (long.Parse(at, System.Globalization.CultureInfo.InvariantCulture) - start) / 60_000);
        Assert.Equal([5, 5, 7, 7, 7, 9], minutes);
    }

    [Promise]
    public async Task Whatever_was_tampered_with_is_found()
    {
        for (var i = 1; i <= 4; i++)
        {
            await _store.MakeAsync(new WriteNote($"note {i}") { Then = NameOthers });
        }

        await AssertFoundAsync($"update audit set entry = (select entry from audit where seq = 3) where seq = 2", 1, "Entry 2 is not what was written");
        await AssertFoundAsync($"update audit set hash = (select hash from audit where seq = 3), entry = (select entry from audit where seq = 3) where seq = 2", 1, "Entry 2 does not follow entry 1");
        await AssertFoundAsync($"update audit set actor = 'nobody' where seq = 2", 1, "Entry 2");
        await AssertFoundAsync($"update audit set resource = 'notes/other' where seq = 2", 1, "Entry 2");
        await AssertFoundAsync($"update audit set outcome = 'refused' where seq = 2", 1, "Entry 2");
        await AssertFoundAsync($"update audit set at = at + 1 where seq = 2", 1, "Entry 2");
        await AssertFoundAsync($"delete from audit where seq = 2", 1, "Entry 2 is missing");
        await AssertFoundAsync($"delete from audit where seq = 1", 0, "Entry 1 is missing");
        await AssertFoundAsync($"delete from audit where seq = 4", 3, "its recorded end is entry 4");
        await AssertFoundAsync($"update audit_end set seq = 3, hash = (select hash from audit where seq = 3)", 4, "its recorded end is entry 3");
        await AssertFoundAsync($"delete from audit_about where seq = 2 and resource = 'notes/also'", 1, "Entry 2 is found by other resources");
        await AssertFoundAsync($"delete from audit_about where seq = 2 and resource = 'promotions/7'", 1, "Entry 2 is found by other resources");
        await AssertFoundAsync($"insert into audit_about (resource, seq) values ('notes/other', 2)", 1, "Entry 2 is found by other resources");
        await AssertFoundAsync($"update audit_about set resource = 'notes/other' where seq = 2 and resource = 'notes/also'", 1, "Entry 2 is found by other resources");
        await AssertFoundAsync($"insert into audit_about (resource, seq) values ('notes/other', 9)", 4, "Entry 9 is missing");
        Assert.Equal(new AuditFinding(4, null), await _store.VerifyAsync());
    }

    private static Task NameOthers(Change change, CancellationToken cancellationToken)
    {
        change.About("notes/also");
        change.Promotion = "7";
        return Task.CompletedTask;
    }

    // Does the damage, looks, and takes it back.
    private async Task AssertFoundAsync(Sql damage, long sound, string problem)
    {
        await using var session = await _store.Database.OpenWriterAsync(CancellationToken.None);
        await session.BeginAsync(CancellationToken.None);
        var writer = new Writer(session, _store.Database.Dialect);
        await writer.ExecuteAsync(damage, CancellationToken.None);
        var finding = await AuditVerification.VerifyAsync(writer, CheckpointTrail.None, CancellationToken.None);
        await session.RollBackAsync();

        Assert.Equal(sound, finding.Entries);
        Assert.Contains(problem, finding.Problem, StringComparison.Ordinal);
    }

    private async Task<(int Done, int Refused)> MakeMixedAsync(int maker, int count)
    {
        var (done, refused) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var kind = i % 5;
            var change = new WriteNote(kind == 4 && i > 4 ? $"note {maker} 0" : $"note {maker} {i}")
            {
                Then = (_, _) => kind switch
                {
                    2 => throw new RefusedException("Not now."),
                    4 => throw Fault.Invalid("No."),
                    _ => Task.CompletedTask,
                },
            };
            switch (await Record.ExceptionAsync(() => _store.MakeAsync(change)))
            {
                case null:
                    done++;
                    break;
                case RefusedException:
                    refused++;
                    break;
                case Fault or DbException:
                    break;
                case { } other:
                    throw other;
            }
        }

        return (done, refused);
    }
}

public sealed class AuditChainOnSqlite() : AuditChainContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AuditChainOnPostgres() : AuditChainContract(Fresh.PostgresAsync);
