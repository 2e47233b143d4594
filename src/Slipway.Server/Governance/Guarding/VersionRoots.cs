using Slipway.Server.Artifacts;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>Every statement that touches <c>version_roots</c>: where in the store the files of registered versions are.</summary>
internal static class VersionRoots
{
    public static Task AddAsync(Change change, ArtifactPath path, long version, CancellationToken cancellationToken) =>
        change.SendAsync($"insert into version_roots (path, version) values ({path.Text}, {version})", cancellationToken);

    public static Task RemoveAsync(Change change, long version, CancellationToken cancellationToken) =>
        change.SendAsync($"delete from version_roots where version = {version}", cancellationToken);

    public static Task RemoveAllAsync(Change change, long model, CancellationToken cancellationToken) =>
        change.SendAsync($"delete from version_roots where version in (select id from model_versions where model = {model})", cancellationToken);

    /// <summary>The versions whose files are at the path, above it or below it.</summary>
    public static Task<List<(string Model, long Version)>> FindAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select m.name, v.version from version_roots r
            join model_versions v on v.id = r.version join registered_models m on m.id = v.model
            where r.path in {path.AndAbove()} or (r.path >= {path.Text + "/"} and r.path < {path.Text + "0"})
            order by m.name, v.version
            """, row => (row.GetString(0), row.GetInt64(1)), cancellationToken);

    /// <summary>The versions of which the path is a file, or could be one; not those that had no files when they were registered.</summary>
    public static Task<List<VersionRoot>> AboveAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select r.path, v.id, m.name, v.version from version_roots r
            join model_versions v on v.id = r.version join registered_models m on m.id = v.model
            where r.path in {path.AndAbove()} and v.manifest_digest is not null
            order by m.name, v.version
            """, row => new VersionRoot(ArtifactPath.Stored(row.GetString(0)), row.GetInt64(1), row.GetString(2), row.GetInt64(3)), cancellationToken);
}

/// <summary>Where the files of a registered version are.</summary>
internal sealed record VersionRoot(ArtifactPath Path, long Id, string Model, long Version);
