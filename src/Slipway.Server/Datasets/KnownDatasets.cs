using System.Data.Common;
using Slipway.Server.Identity;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Every statement that touches <c>datasets</c>.</summary>
internal static class KnownDatasets
{
    private static readonly Sql Columns = Sql.Of($"d.id, d.name, d.description, d.revision, d.created_at, d.updated_at");

    public static Task<DatasetRow?> FindAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from datasets d where d.name = {name}", Map, cancellationToken);

    /// <exception cref="Fault">There is no such dataset.</exception>
    public static async Task<DatasetRow> GetAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        await FindAsync(reader, name, cancellationToken) ?? throw Unknown(name);

    public static Fault Unknown(string name) => Fault.NotFound($"There is no dataset '{Checks.Text.Shorten(name)}'.");

    /// <summary>Those behind a name that fulfil a condition on their rights, by name.</summary>
    public static Task<List<DatasetRow>> ListAsync(Reader reader, Sql? readable, (string After, long Limit) page, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"select {Columns} from datasets d where d.name > {page.After} and {readable ?? Sql.Of($"1 = 1")} order by d.name limit {page.Limit}",
            Map,
            cancellationToken);

    /// <summary>The condition of <see cref="ListAsync"/> that lets through what a caller may read; null when that is all.</summary>
    public static Sql? Readable(Rights rights, Routing.Caller caller) => rights.Readable(caller, Securable.DatasetKind, Sql.Of($"d.id"));

    public static Task AddAsync(Change change, DatasetRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into datasets (id, name, description, revision, created_at, updated_at)
            values ({row.Id}, {row.Name}, {row.Description}, {row.Revision}, {row.CreatedAt}, {row.UpdatedAt})
            """, cancellationToken);

    public static Task DescribeAsync(Change change, long id, string? description, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update datasets set description = {description}, revision = revision + 1, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task TouchAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.SendAsync($"update datasets set updated_at = {change.Info.At} where id = {id}", cancellationToken);

    private static DatasetRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3))
    {
        CreatedAt = row.GetInt64(4),
        UpdatedAt = row.GetInt64(5),
    };
}
