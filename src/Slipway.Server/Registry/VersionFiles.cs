using Slipway.Server.Artifacts;
using Slipway.Server.Content;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Every statement that writes <c>version_files</c>, and those that look for files of it: what a version consisted of when it was registered.</summary>
internal static class VersionFiles
{
    private static readonly BulkInsert<(long Version, ManifestFile File)> Insert = new(
        "version_files",
        "",
        new Int64Column<(long Version, ManifestFile File)>("version", row => row.Version),
        new TextColumn<(long Version, ManifestFile File)>("path", row => row.File.Path),
        new Int64Column<(long Version, ManifestFile File)>("size", row => row.File.Size),
        new TextColumn<(long Version, ManifestFile File)>("sha256", row => row.File.Sha256));

    public static Task<List<ManifestFile>> ListAsync(Reader reader, long version, (string After, long Limit) page, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"select path, size, sha256 from version_files where version = {version} and path > {page.After} order by path limit {page.Limit}",
            row => new ManifestFile(row.GetString(0), row.GetInt64(1), row.GetString(2)),
            cancellationToken);

    public static async Task AddAsync(Change change, long version, Manifest manifest, CancellationToken cancellationToken)
    {
        await change.InsertAsync(Insert, [.. manifest.Files.Select(file => (version, file))], cancellationToken);
        await ContentObjects.TouchAsync(change, Sql.Of($"select sha256 from version_files where version = {version}"), change.Info.At, cancellationToken);
    }

    /// <summary>What a file of the version hashed to; null when it had none of this name.</summary>
    public static Task<string?> FindAsync(Reader reader, long version, string path, CancellationToken cancellationToken) =>
        reader.FindAsync($"select sha256 from version_files where version = {version} and path = {path}", row => row.GetString(0), cancellationToken);

    /// <summary>The first file, by name, that is not what it was when the version was registered; null when there is none.</summary>
    public static async Task<string?> DifferenceAsync(Reader reader, long version, Manifest found, CancellationToken cancellationToken)
    {
        var rows = await reader.ListAsync($"select path, sha256 from version_files where version = {version}", row => (Path: row.GetString(0), Sha256: row.GetString(1)), cancellationToken);
        var (registered, now) = (rows.ToDictionary(row => row.Path, row => row.Sha256, StringComparer.Ordinal), found.Files.ToDictionary(file => file.Path, file => file.Sha256, StringComparer.Ordinal));
        var first = registered.Keys.Union(now.Keys).Where(path => registered.GetValueOrDefault(path) != now.GetValueOrDefault(path)).Order(CodePointOrder.Instance).FirstOrDefault();
        return first is null ? null : $"'{first}' {(!registered.ContainsKey(first) ? "was added" : now.ContainsKey(first) ? "was replaced" : "was removed")}";
    }
}
