using Slipway.Server.Search.Paging;
using Slipway.Store;
using Slipway.Testing;

namespace Slipway.Server.Tests.Search;

/// <summary>A database that the tests of one class share: its rows are written once, and then only read.</summary>
public abstract class SearchDatabase(Func<Task<Fresh>> fresh) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Fresh? _fresh;
    private Database? _database;
    private Ingest? _ingest;

    /// <summary>Opens the database when the first test asks, for where there is none the tests are skipped, and fills it.</summary>
    internal async Task FillAsync(Func<SearchDatabase, Task> fill)
    {
        await _turn.WaitAsync();
        try
        {
            if (_database is null)
            {
                _fresh = await fresh();
                _database = await Database.OpenAsync(new DatabaseLocation(_fresh.Folder, _fresh.Database), TimeProvider.System, CancellationToken.None);
                _ingest = new Ingest(_database, TimeProvider.System);
                await fill(this);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    internal Task WriteAsync(params IEnumerable<Sql> statements) => _ingest!.WriteAsync(
        async (writer, cancellationToken) =>
        {
            foreach (var statement in statements)
            {
                await writer.ExecuteAsync(statement, cancellationToken);
            }

            return true;
        },
        CancellationToken.None);

    internal Task<T> ReadAsync<T>(Func<Reader, Task<T>> read) => _database!.ReadAsync(read, CancellationToken.None);

    /// <summary>All ids, page by page.</summary>
    internal async Task<List<long>> AllAsync(Func<Reader, string?, Task<Page>> find, int mostPages = 1000)
    {
        var ids = new List<long>();
        string? token = null;
        do
        {
            var page = await ReadAsync(reader => find(reader, token));
            ids.AddRange(page.Ids);
            token = page.NextPageToken;
        }
        while (token is not null && mostPages-- > 0);

        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _ingest!.DisposeAsync();
            await _database.DisposeAsync();
            await _fresh!.DisposeAsync();
        }

        _turn.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class SearchOnSqlite() : SearchDatabase(Fresh.SqliteAsync);

public sealed class SearchOnPostgres() : SearchDatabase(Fresh.PostgresAsync);
