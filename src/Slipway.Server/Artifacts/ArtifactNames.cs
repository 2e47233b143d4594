using System.Data.Common;
using Slipway.Server.Content;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Every statement that touches <c>artifact_names</c>: what is called how. A folder has no content.</summary>
/// <remarks>
/// The key decides that nothing is a file and a folder at once, also between servers. Who names a file holds its folders
/// until the commit, and who deletes a folder takes it first: so no file is ever left without its folder.
/// </remarks>
internal static class ArtifactNames
{
    private static readonly Sql Columns = Sql.Of($"path, sha256, size, modified_at");

    public static Task<ArtifactEntry?> FindAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from artifact_names where path = {path.Text}", Map, cancellationToken);

    /// <summary>What lies in the folder, one level deep, by name.</summary>
    public static Task<List<ArtifactEntry>> ListAsync(Reader reader, ArtifactPath folder, CancellationToken cancellationToken) =>
        reader.ListAsync($"select {Columns} from artifact_names where folder = {folder.Text} order by path", Map, cancellationToken);

    /// <summary>The files at or below a name.</summary>
    public static Task<List<ArtifactEntry>> ListAllAsync(Reader reader, ArtifactPath path, int limit, CancellationToken cancellationToken) =>
        reader.ListAsync($"select {Columns} from artifact_names where {path.Within()} and sha256 is not null order by path limit {limit}", Map, cancellationToken);

    public static async Task<ArtifactTotal> CountAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken) =>
        await reader.FindAsync(
            $"select count(*), cast(coalesce(sum(size), 0) as bigint) from artifact_names where {path.Within()} and sha256 is not null",
            row => new ArtifactTotal(row.GetInt64(0), row.GetInt64(1)),
            cancellationToken) ?? new ArtifactTotal(0, 0);

    /// <summary>Whether a file can have this name; it is asked again when the file is named.</summary>
    /// <exception cref="Fault">A folder has the name, or it lies below a file.</exception>
    public static async Task CheckAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, path, cancellationToken) is { IsFolder: true })
        {
            throw IsFolder(path);
        }

        await CheckAboveAsync(reader, path, Sql.Of($""), cancellationToken);
    }

    /// <summary>Names a content, in place of what had the name.</summary>
    /// <exception cref="Fault">A folder has the name, or it lies below a file.</exception>
    public static async Task PutAsync(Writer writer, ArtifactPath path, StoredContent content, long modifiedAt, CancellationToken cancellationToken)
    {
        await HoldFoldersAsync(writer, path, modifiedAt, cancellationToken);
        await ContentObjects.TouchAsync(writer, Sql.Of($"select sha256 from artifact_names where path = {path.Text}"), Milliseconds(modifiedAt), cancellationToken);
        var named = await writer.ExecuteAsync($"""
            insert into artifact_names (path, folder, sha256, size, modified_at)
            values ({path.Text}, {path.Parent.Text}, {content.Sha256}, {content.Size}, {modifiedAt})
            on conflict (path) do update set sha256 = excluded.sha256, size = excluded.size, modified_at = excluded.modified_at
            where artifact_names.sha256 is not null
            """, cancellationToken);
        if (named == 0)
        {
            throw IsFolder(path);
        }
    }

    /// <summary>Removes a name and all below it, and answers how many those were. What they referred to begins its grace.</summary>
    public static async Task<int> RemoveAsync(Writer writer, ArtifactPath path, long at, CancellationToken cancellationToken)
    {
        // First the folder alone: who names something below it is waited for, and then seen.
        await writer.AnyAsync($"select 1 from artifact_names where path = {path.Text} {writer.Dialect.ForUpdate}", cancellationToken);
        await ContentObjects.TouchAsync(writer, Sql.Of($"select sha256 from artifact_names where {path.Within()}"), at, cancellationToken);
        return await writer.ExecuteAsync($"delete from artifact_names where {path.Within()}", cancellationToken);
    }

    private static async Task HoldFoldersAsync(Writer writer, ArtifactPath path, long modifiedAt, CancellationToken cancellationToken)
    {
        var folders = path.Ancestors().ToList();
        if (folders.Count == 0)
        {
            return;
        }

        // Somebody may delete a folder between the two statements; whoever comes first, the other starts over.
        do
        {
            foreach (var folder in folders)
            {
                await writer.ExecuteAsync($"""
                    insert into artifact_names (path, folder, sha256, size, modified_at) values ({folder.Text}, {folder.Parent.Text}, {(string?)null}, 0, {modifiedAt})
                    on conflict (path) do nothing
                    """, cancellationToken);
            }
        }
        while (await CheckAboveAsync(writer, path, writer.Dialect.ForShare, cancellationToken) < folders.Count);
    }

    /// <returns>How many of the folders above are there.</returns>
    private static async Task<int> CheckAboveAsync(Reader reader, ArtifactPath path, Sql hold, CancellationToken cancellationToken)
    {
        var names = path.Ancestors().Select(folder => folder.Text).ToList();
        if (names.Count == 0)
        {
            return 0;
        }

        var above = await reader.ListAsync($"select sha256 from artifact_names where path in {names} order by path {hold}", row => row.IsDBNull(0), cancellationToken);
        return above.TrueForAll(isFolder => isFolder) ? above.Count : throw Fault.Invalid($"'{path}' lies below a file.");
    }

    private static Fault IsFolder(ArtifactPath path) => Fault.Invalid($"'{path}' is a directory.");

    private static long Milliseconds(long ticks) => ticks / TimeSpan.TicksPerMillisecond;

    private static ArtifactEntry Map(DbDataReader row) =>
        new(ArtifactPath.Stored(row.GetString(0)), row.IsDBNull(1), row.GetInt64(2), row.GetInt64(3)) { Sha256 = row.IsDBNull(1) ? null : row.GetString(1) };
}
