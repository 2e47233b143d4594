using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Every statement that touches <c>content_uploads</c>.</summary>
internal static class ContentUploads
{
    private static readonly Sql Columns = Sql.Of($"id, owner, kind, name, base_kind, base_name, base, sha256, size, object, position, is_done");

    /// <summary>An upload; null when there is none, or when it is somebody else's.</summary>
    public static Task<UploadRow?> FindAsync(Reader reader, string id, string owner, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from content_uploads where id = {id} and owner = {owner}", Map, cancellationToken);

    /// <summary>What an upload is for, whoever's it is.</summary>
    public static Task<UploadPlace?> FindPlaceAsync(Reader reader, string id, CancellationToken cancellationToken) =>
        reader.FindAsync($"select kind, name from content_uploads where id = {id}", row => new UploadPlace(row.GetString(0), row.GetString(1)), cancellationToken);

    /// <summary>All that the owner has under way.</summary>
    public static Task<List<UploadRow>> ListAsync(Reader reader, string owner, CancellationToken cancellationToken) =>
        reader.ListAsync($"select {Columns} from content_uploads where owner = {owner} and is_done = 0 order by id", Map, cancellationToken);

    public static Task AddAsync(Writer writer, UploadRow row, long at, CancellationToken cancellationToken) => writer.ExecuteAsync(
        $"""
        insert into content_uploads ({Columns}, touched_at)
        values ({row.Id}, {row.Owner}, {row.For.Kind}, {row.For.Name}, {row.Base?.Place.Kind}, {row.Base?.Place.Name}, {row.Base?.Sha256},
            {row.Expected.Sha256}, {row.Expected.Size}, {row.Object}, {row.Position}, {0}, {at})
        """,
        cancellationToken);

    /// <summary>Notes how far it has come.</summary>
    /// <exception cref="Fault">Another request got there first.</exception>
    public static async Task MoveAsync(Writer writer, string id, (long From, long To) position, long at, CancellationToken cancellationToken) => Demand(await writer.ExecuteAsync(
        $"update content_uploads set position = {position.To}, touched_at = {at} where id = {id} and position = {position.From} and is_done = 0",
        cancellationToken));

    /// <exception cref="Fault">Another request did that.</exception>
    public static async Task FinishAsync(Writer writer, string id, long at, CancellationToken cancellationToken) =>
        Demand(await writer.ExecuteAsync($"update content_uploads set is_done = 1, touched_at = {at} where id = {id} and is_done = 0", cancellationToken));

    public static Task RemoveAsync(Writer writer, string id, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from content_uploads where id = {id}", cancellationToken);

    /// <summary>Forgets those whose leases expired, and those that were done before a time.</summary>
    public static Task<int> RemoveOldAsync(Writer writer, long until, CancellationToken cancellationToken) => writer.ExecuteAsync(
        $"delete from content_uploads where not exists (select 1 from content_leases l where l.id = content_uploads.id) and (is_done = 0 or touched_at < {until})",
        cancellationToken);

    private static void Demand(int changed)
    {
        if (changed == 0)
        {
            throw Fault.Conflict("Another request has gone on with this upload meanwhile, or ended it. Ask where it stands.");
        }
    }

    private static UploadRow Map(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        new UploadPlace(row.GetString(2), row.GetString(3)),
        row.IsDBNull(6) ? null : new UploadBase(new UploadPlace(row.GetString(4), row.GetString(5)), row.GetString(6)),
        new StoredContent(row.GetString(7), row.GetInt64(8)))
    {
        Object = row.GetInt64(9),
        Position = row.GetInt64(10),
        IsDone = row.GetInt64(11) != 0,
    };
}
