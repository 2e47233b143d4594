using Slipway.Store.Auditing;
using Slipway.Store.Sqlite;
using Slipway.Testing;
using SQLitePCL;
using Xunit;

namespace Slipway.Store.Tests.OnSqlite;

/// <summary>What is promised when SQLite refuses a commit.</summary>
public sealed class FailedCommitTests : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(Fresh.SqliteAsync);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_change_is_looked_up_and_made_anew_once()
    {
        var applied = 0;
        FailNextCommit();

        Assert.Equal("iris", await _store.MakeAsync(new WriteNote("iris") { Then = (_, _) => Task.FromResult(++applied) }));

        Assert.Equal(2, applied);
        Assert.Equal(["iris"], await _store.NotesAsync());
        Assert.Equal(new AuditFinding(1, null), await _store.VerifyAsync());
    }

    [Fact]
    public async Task A_write_of_the_hot_path_is_done_anew_once()
    {
        FailNextCommit();

        Assert.True(await _store.Ingest.WriteAsync((writer, token) => Notes.AddAsync(writer, "iris", token), CancellationToken.None));

        Assert.Equal(["iris"], await _store.NotesAsync());
    }

    private void FailNextCommit()
    {
        var left = 1;
        var writer = ((SqliteDatabase)_store.Database).Connections.Idle.First();
        raw.sqlite3_commit_hook(writer.Connection.Handle, _ => left-- > 0 ? 1 : 0, null);
    }
}
