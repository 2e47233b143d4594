using System.Data.Common;

namespace Slipway.Store;

/// <summary>Queries in one consistent picture of the database, which refuses writes through it.</summary>
public class Reader
{
    private protected Reader(Session session, Dialect dialect)
    {
        Session = session;
        Dialect = dialect;
    }

    public Dialect Dialect { get; }

    private protected Session Session { get; }

    internal static Reader On(Session session, Dialect dialect) => new(session, dialect);

    /// <summary>The first row, or null.</summary>
    public async Task<T?> FindAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        using var statement = Session.Prepare(sql);
        await using var row = await statement.ReadAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? map(row) : default;
    }

    public async Task<List<T>> ListAsync<T>(Sql sql, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        await EachAsync(sql, row => list.Add(map(row)), cancellationToken);
        return list;
    }

    public async Task EachAsync(Sql sql, Action<DbDataReader> take, CancellationToken cancellationToken)
    {
        using var statement = Session.Prepare(sql);
        await using var row = await statement.ReadAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            take(row);
        }
    }

    /// <summary>Runs queries that do not need each other's answers: to PostgreSQL they travel together.</summary>
    public Task EachAsync(IReadOnlyList<Query> queries, CancellationToken cancellationToken) => Session.EachAsync(queries, cancellationToken);

    public async Task<bool> AnyAsync(Sql sql, CancellationToken cancellationToken)
    {
        using var statement = Session.Prepare(sql);
        await using var row = await statement.ReadAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken);
    }
}
