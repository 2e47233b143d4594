using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Every statement that touches <c>artifact_roots</c>: which experiments keep their files where in the store.</summary>
internal static class ArtifactRoots
{
    /// <summary>Notes where the experiment's files are, if this server reads them.</summary>
    public static Task AddAsync(Change change, long experiment, ArtifactPath? place, CancellationToken cancellationToken) =>
        place is { } path
            ? change.SendAsync($"insert into artifact_roots (path, experiment) values ({path.Text}, {experiment})", cancellationToken)
            : Task.CompletedTask;

    /// <summary>The experiments that keep files at the path, above it or below it: places may lie in each other, or be the same.</summary>
    public static Task<List<long>> OwnersAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken) =>
        path.IsRoot
            ? Task.FromResult(new List<long>())
            : reader.ListAsync(
                $"select distinct experiment from artifact_roots where path in {path.AndAbove()} or (path >= {path.Text + "/"} and path < {path.Text + "0"})",
                row => row.GetInt64(0),
                cancellationToken);

    public static Task RemoveAsync(Change change, long experiment, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from artifact_roots where experiment = {experiment}", cancellationToken);
}
