using Slipway.Store;

namespace Slipway.Server.Lineage;

/// <summary>Every statement that touches <c>run_manifests</c>.</summary>
internal static class RunManifests
{
    public static Query Each(IReadOnlyCollection<long> runs, Action<DataClaim> take) => new(
        $"select run, name, version, hash from run_manifests where run in {runs}",
        row => take(DataClaim.Of(row.GetInt64(0), DataClaim.ByManifest, (Text(row, 1), Text(row, 2), Text(row, 3)))));

    /// <summary>Keeps what the manifest of a run says, in place of what an earlier one said.</summary>
    public static Task SetAsync(Writer writer, long run, DatasetManifest manifest, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"""
            insert into run_manifests (run, name, version, hash) values ({run}, {manifest.Name}, {manifest.Version}, {manifest.Hash})
            on conflict (run) do update set name = excluded.name, version = excluded.version, hash = excluded.hash
            """, cancellationToken);

    /// <summary>Whether that is what was last kept.</summary>
    public static Task<bool> IsKnownAsync(Reader reader, string runId, DatasetManifest manifest, CancellationToken cancellationToken) => reader.AnyAsync(
        $"""
        select 1 from run_manifests where run = (select id from runs where run_id = {runId})
            and coalesce(name, '') = {manifest.Name ?? ""} and coalesce(version, '') = {manifest.Version ?? ""} and coalesce(hash, '') = {manifest.Hash ?? ""}
        """, cancellationToken);

    private static string? Text(System.Data.Common.DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static Task RemoveAsync(Writer writer, long run, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from run_manifests where run = {run}", cancellationToken);
}
