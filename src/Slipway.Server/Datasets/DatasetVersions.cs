using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Every statement that touches <c>dataset_versions</c>.</summary>
internal static class DatasetVersions
{
    private const int ClaimsAtOnce = 64;

    private static readonly Sql Columns = Sql.Of($"""
        v.id, v.dataset, d.name, v.version, v.byte_digest, v.table_digest, v.size, v.files, v.samples, v.features, v.description, v.source,
        v.creator, v.created_at, v.revision, v.recalled_at, v.recall_reason, v.purged_at, v.purge_reason
        """);

    private static readonly Sql Select = Sql.Of($"select {Columns} from dataset_versions v join datasets d on d.id = v.dataset");

    public static Task<DatasetVersionRow?> FindAsync(Reader reader, string name, string version, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where d.name = {name} and v.version = {version}", Map, cancellationToken);

    public static Task<DatasetVersionRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where v.id = {id}", Map, cancellationToken);

    /// <exception cref="Fault">There is no such version.</exception>
    public static async Task<DatasetVersionRow> GetAsync(Reader reader, string name, string version, CancellationToken cancellationToken) =>
        await FindAsync(reader, name, version, cancellationToken) ?? throw await UnknownAsync(reader, name, version, cancellationToken);

    /// <summary>The version that a person means: by its number, an alias, or as the latest.</summary>
    /// <exception cref="Fault">There is no such version.</exception>
    public static async Task<DatasetVersionRow> GetAsync(Reader reader, DatasetReference reference, CancellationToken cancellationToken)
    {
        if (reference.Version is { } version)
        {
            return await GetAsync(reader, reference.Name, version.Text, cancellationToken);
        }

        var dataset = await KnownDatasets.GetAsync(reader, reference.Name, cancellationToken);
        var found = reference.Word == DatasetReference.Latest
            ? Latest(await ListAsync(reader, dataset.Id, cancellationToken))
            : await DatasetAliases.FindVersionAsync(reader, dataset.Id, reference.Word!, cancellationToken) is { } id ? await FindAsync(reader, id, cancellationToken) : null;
        return found ?? throw await UnknownAsync(reader, reference.Name, reference.Word!, cancellationToken);
    }

    /// <summary>All versions of a dataset, the highest precedence first.</summary>
    public static async Task<List<DatasetVersionRow>> ListAsync(Reader reader, long dataset, CancellationToken cancellationToken)
    {
        var rows = await reader.ListAsync($"{Select} where v.dataset = {dataset}", Map, cancellationToken);
        return [.. rows.OrderByDescending(row => SemanticVersion.Parse(row.Version), SemanticVersion.Order)];
    }

    /// <summary>Of versions with the highest precedence first: the first that may be used and is no pre-release, else the first that may be used.</summary>
    public static DatasetVersionRow? Latest(IReadOnlyList<DatasetVersionRow> ordered)
    {
        // Who asks for the latest has not looked at it: what was recalled is used by those only who name it.
        var kept = ordered.Where(row => row.PurgedAt is null && row.RecalledAt is null).ToList();
        return kept.Find(row => !SemanticVersion.Parse(row.Version).IsPreRelease) ?? kept.FirstOrDefault();
    }

    /// <summary>Those that are named, and those whose byte or table digest begins as given.</summary>
    public static async Task<List<DatasetVersionRow>> ClaimedAsync(Reader reader, (IReadOnlyList<(string Name, string Version)> Names, IReadOnlyList<string> Digests) claimed, CancellationToken cancellationToken)
    {
        var found = new List<DatasetVersionRow>();
        var names = claimed.Names.GroupBy(name => name.Name).Select(versions => Sql.Of($"(d.name = {versions.Key} and v.version in {versions.Select(version => version.Version).ToList()})"));
        var digests = claimed.Digests.SelectMany(digest => new[] { Beginning(Sql.Of($"v.byte_digest"), digest), Beginning(Sql.Of($"v.table_digest"), digest) });

        // Apart, so that each finds the index of its table.
        await reader.EachAsync([.. names.Chunk(ClaimsAtOnce).Concat(digests.Chunk(ClaimsAtOnce)).Select(some => new Query($"{Select} where {Sql.Join(" or ", some)}", row => found.Add(Map(row))))], cancellationToken);
        return [.. found.DistinctBy(version => version.Id)];
    }

    /// <summary>The rows of these ids.</summary>
    public static Task<List<DatasetVersionRow>> LoadAsync(Reader reader, IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where v.id in {ids}", Map, cancellationToken);

    public static Task AddAsync(Change change, DatasetVersionRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into dataset_versions (id, dataset, version, byte_digest, table_digest, size, files, samples, features, description, source, creator, created_at, revision)
            values ({row.Id}, {row.Dataset}, {row.Version}, {row.ByteDigest}, {row.TableDigest}, {row.Size}, {row.Files}, {row.Samples}, {row.Features},
                {row.Description}, {row.Source}, {row.Creator}, {row.CreatedAt}, {row.Revision})
            """, cancellationToken);

    public static Task DescribeAsync(Change change, long id, string? description, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update dataset_versions set description = {description}, revision = revision + 1 where id = {id}", cancellationToken);

    public static Task PurgeAsync(Change change, long id, string reason, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update dataset_versions set purged_at = {change.Info.At}, purge_reason = {reason} where id = {id}", cancellationToken);

    public static Task RecallAsync(Change change, long id, string reason, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update dataset_versions set recalled_at = {change.Info.At}, recall_reason = {reason} where id = {id}", cancellationToken);

    public static Task ReinstateAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update dataset_versions set recalled_at = {(long?)null}, recall_reason = {(string?)null} where id = {id}", cancellationToken);

    // 'g' comes behind every hex digit.
    private static Sql Beginning(Sql column, string digest) => Sql.Of($"({column} >= {digest} and {column} < {digest + "g"})");

    private static async Task<Fault> UnknownAsync(Reader reader, string name, string version, CancellationToken cancellationToken)
    {
        var dataset = await KnownDatasets.GetAsync(reader, name, cancellationToken);
        var known = (await ListAsync(reader, dataset.Id, cancellationToken)).ConvertAll(row => row.Version);
        return Fault.NotFound($"The dataset '{name}' has no version '{version}'{(version == DatasetReference.Latest && known.Count > 0 ? " that is neither recalled nor purged" : "")}. It has: {Checks.Text.Shorten(string.Join(", ", known))}.");
    }

    private static DatasetVersionRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3))
    {
        ByteDigest = row.GetString(4),
        TableDigest = Text(row, 5),
        Size = row.GetInt64(6),
        Files = row.GetInt64(7),
        Samples = Number(row, 8),
        Features = Number(row, 9),
        Description = Text(row, 10),
        Source = Text(row, 11),
        Creator = row.GetString(12),
        CreatedAt = row.GetInt64(13),
        Revision = row.GetInt64(14),
        RecalledAt = Number(row, 15),
        RecallReason = Text(row, 16),
        PurgedAt = Number(row, 17),
        PurgeReason = Text(row, 18),
    };

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
