using System.Data.Common;
using Slipway.Server.Content;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Every statement that touches <c>dataset_files</c>: what versions consist of.</summary>
internal static class DatasetFiles
{
    /// <summary>What <see cref="Map"/> reads, of this table and of the one of drafts.</summary>
    public static readonly Sql Columns = Sql.Of($"path, size, sha256, format, table_digest, samples, features");

    /// <summary>What keeps content alive: the files of versions that are not purged.</summary>
    public static readonly Sql Reference = Sql.Of($"""
        select 1 from dataset_files r join dataset_versions v on v.id = r.version
        where v.purged_at is null and r.sha256 = content_objects.sha256
        """);

    public static Task<DatasetFileRow?> FindAsync(Reader reader, long version, string path, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from dataset_files where version = {version} and path = {path}", Map, cancellationToken);

    /// <summary>Those behind a path, in the order of their paths.</summary>
    public static Task<List<DatasetFileRow>> ListAsync(Reader reader, long version, (string After, long Limit) page, CancellationToken cancellationToken) =>
        reader.ListAsync($"select {Columns} from dataset_files where version = {version} and path > {page.After} order by path limit {page.Limit}", Map, cancellationToken);

    /// <summary>Those that are tables.</summary>
    public static Task<List<DatasetFileRow>> TablesAsync(Reader reader, long version, CancellationToken cancellationToken) =>
        reader.ListAsync($"select {Columns} from dataset_files where version = {version} and format is not null order by path", Map, cancellationToken);

    /// <summary>What is known of a table's values; null when the file is none, or purged.</summary>
    public static async Task<TableProfile?> ProfileAsync(Reader reader, long version, string path, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select profile from dataset_files where version = {version} and path = {path} and profile is not null", row => row.GetString(0), cancellationToken) is { } json
            ? SavedProfile.Parse(json)
            : null;

    /// <summary>What is known of the values of a version's only table; null when it has none or several, or is purged.</summary>
    public static async Task<TableProfile?> ProfileAsync(Reader reader, long version, CancellationToken cancellationToken) =>
        await TablesAsync(reader, version, cancellationToken) is [var table] ? await ProfileAsync(reader, version, table.Path, cancellationToken) : null;

    /// <summary>Opens a file for reading; its bytes come only when they are asked for.</summary>
    /// <exception cref="Fault">It is damaged.</exception>
    public static async Task<ObjectStream> OpenAsync(ContentStore contents, Reader reader, (DatasetVersionRow Version, DatasetFileRow Row) file, CancellationToken cancellationToken)
    {
        var name = $"{file.Version.Reference}/{file.Row.Path}";
        var stream = await contents.OpenAsync(reader, file.Row.Sha256, name, cancellationToken);
        return stream.Length == file.Row.Size ? stream : throw Damage.Of(name, file.Row.Sha256, "its size is not the one under its name");
    }

    /// <summary>Makes the files of a draft those of a version.</summary>
    public static Task TakeAsync(Change change, long version, string draft, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into dataset_files (version, path, size, sha256, format, table_digest, samples, features, profile)
            select cast({version} as bigint), path, size, sha256, format, table_digest, samples, features, profile from dataset_draft_files where draft = {draft}
            """, cancellationToken);

    /// <summary>Erases what tells of the values; the paths and digests stay.</summary>
    public static async Task PurgeAsync(Change change, long version, CancellationToken cancellationToken)
    {
        await change.ExecuteAsync($"update dataset_files set profile = {(string?)null} where version = {version}", cancellationToken);
        await ContentErasures.AskForAsync(change, Sql.Of($"select sha256 from dataset_files where version = {version}"), change.Info.At, cancellationToken);
    }

    public static DatasetFileRow Map(DbDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetString(2))
    {
        Format = row.IsDBNull(3) ? null : TableFormats.Parse(row.GetString(3)),
        TableDigest = row.IsDBNull(4) ? null : row.GetString(4),
        Samples = row.IsDBNull(5) ? null : row.GetInt64(5),
        Features = row.IsDBNull(6) ? null : row.GetInt64(6),
    };
}
