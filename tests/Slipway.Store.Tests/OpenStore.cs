using Slipway.Store.Auditing;
using Slipway.Testing;

namespace Slipway.Store.Tests;

/// <summary>A fresh database, opened as a server opens it, with a table of notes to write to.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private readonly Fresh _fresh;

    private OpenStore(Fresh fresh, Database database, StoreSetup setup)
    {
        (_fresh, Database) = (fresh, database);
        Changes = new Changes(database, setup.Rules, setup.Time);
        Ingest = new Ingest(database, setup.Time);
    }

    public static Actor Somebody { get; } = new("somebody", "none", "127.0.0.1");

    public Database Database { get; }

    /// <summary>The way to the database for those who go past the store; null for SQLite.</summary>
    public string? ConnectionString => _fresh.Database;

    public Changes Changes { get; }

    public Ingest Ingest { get; }

    public static async Task<OpenStore> OnAsync(Func<Task<Fresh>> freshDatabase, StoreSetup? setup = null)
    {
        setup ??= new StoreSetup();
        var fresh = await freshDatabase();
        var store = new OpenStore(fresh, await OpenAsync(fresh, setup.Through), setup);
        await store.Ingest.WriteAsync(Notes.CreateTableAsync, CancellationToken.None);
        return store;
    }

    /// <summary>Opens what a fresh place holds, as a server does at its start.</summary>
    public static Task<Database> OpenAsync(Fresh fresh, string? through = null) =>
        Database.OpenAsync(new DatabaseLocation(fresh.Folder, through ?? fresh.Database), TimeProvider.System, CancellationToken.None);

    public Task<T> MakeAsync<T>(ChangeRequest<T> request) => Changes.MakeAsync(Somebody, request, CancellationToken.None);

    public Task<List<string>> NotesAsync() => Database.ReadAsync(reader => Notes.AllAsync(reader, CancellationToken.None), CancellationToken.None);

    /// <summary>The texts of one column.</summary>
    public Task<List<string>> ColumnAsync(Sql sql) =>
        Database.ReadAsync(reader => reader.ListAsync(sql, row => row.GetValue(0).ToString()!, CancellationToken.None), CancellationToken.None);

    /// <summary>How the audit log is found, from its first entry.</summary>
    public Task<AuditFinding> VerifyAsync() => AuditVerification.VerifyAsync(Database, CancellationToken.None);

    /// <summary>Holds the chain's end, so that changes wait, until what is answered is disposed.</summary>
    public async Task<IAsyncDisposable> HoldChangesAsync()
    {
        var session = await Database.OpenWriterAsync(CancellationToken.None);
        await session.BeginAsync(CancellationToken.None);
        await AuditLog.LockEndAsync(new Writer(session, Database.Dialect), CancellationToken.None);
        return new Hold(session);
    }

    public async ValueTask DisposeAsync()
    {
        await Changes.DisposeAsync();
        await Ingest.DisposeAsync();
        await Database.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    private sealed class Hold(Session session) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await session.RollBackAsync();
            await session.DisposeAsync();
        }
    }
}

/// <summary>What is special about the store of a test.</summary>
internal sealed record StoreSetup
{
    public IReadOnlyList<IRule> Rules { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Another way to the same database.</summary>
    public string? Through { get; init; }
}
