using Slipway.Server.Datasets;
using Slipway.Store;

namespace Slipway.Server.Lineage;

/// <summary>Finds the versions of datasets that runs used, and the runs that used a version.</summary>
/// <remarks>
/// Both directions go by the same rule, so that they can't disagree: a claim means the version that it names, and every version
/// whose content has the digest that it gives, but only those of the dataset that it names if there are any.
/// </remarks>
internal static class DataUses
{
    /// <summary>A digest in an input has no more characters.</summary>
    private const int InputDigest = 36;

    public static async Task<List<LineageEdge>> OfRunsAsync(Reader reader, IReadOnlyCollection<long> runs, CancellationToken cancellationToken)
    {
        var claims = await DataClaims.OfAsync(reader, runs, cancellationToken);
        var candidates = await DatasetVersions.ClaimedAsync(
            reader,
            ([.. claims.Where(claim => claim.NamesVersion).Select(claim => (claim.Name!, claim.Version!)).Distinct()], [.. claims.Select(claim => claim.Digest).OfType<string>().Distinct()]),
            cancellationToken);
        var edges = await RunUses.OfAsync(reader, runs, cancellationToken);
        edges.AddRange(claims.SelectMany(claim => Meant(claim, candidates)));
        return [.. edges.DistinctBy(edge => (edge.From, edge.To, edge.How))];
    }

    public static async Task<List<LineageEdge>> OfVersionsAsync(Reader reader, IReadOnlyCollection<long> versions, CancellationToken cancellationToken)
    {
        var runs = new HashSet<long>();
        foreach (var id in versions)
        {
            if (await DatasetVersions.FindAsync(reader, id, cancellationToken) is { } version)
            {
                await reader.EachAsync([.. Candidates(version).Select(sql => new Query(sql, row => runs.Add(row.GetInt64(0))))], cancellationToken);
            }
        }

        var edges = new List<LineageEdge>();
        foreach (var some in runs.Chunk(LineageSteps.Most))
        {
            edges.AddRange((await OfRunsAsync(reader, some, cancellationToken)).Where(edge => versions.Contains(edge.From.Id)));
        }

        return edges;
    }

    private static IEnumerable<LineageEdge> Meant(DataClaim claim, IReadOnlyList<DatasetVersionRow> candidates)
    {
        var named = candidates.FirstOrDefault(version => claim.NamesVersion && version.Name == claim.Name && version.Version == claim.Version);
        var fitting = candidates.Where(version => claim.Fits(version) == true).ToList();
        var ofTheName = fitting.FindAll(version => version.Name == claim.Name);
        var meant = ofTheName.Count > 0 ? ofTheName : fitting;
        if (named is not null && claim.Fits(named) != false)
        {
            return [Edge(claim, named)];
        }

        return meant.Select(version => Edge(claim, version)).Concat(named is null ? [] : [Edge(claim, named) with { IsContradictory = true }]);
    }

    private static LineageEdge Edge(DataClaim claim, DatasetVersionRow version) =>
        new(new LineageNode(NodeKind.DatasetVersion, version.Id), new LineageNode(NodeKind.Run, claim.Run), claim.How);

    // Runs that may have used it; what they say is looked at once more.
    private static IEnumerable<Sql> Candidates(DatasetVersionRow version)
    {
        var inInputs = Digests(version, InputDigest);
        var anywhere = Digests(version, 64);
        yield return Sql.Of($"select run from run_uses where version = {version.Id}");
        yield return Sql.Of($"select l.run from input_datasets d join run_datasets l on l.dataset = d.id where d.digest in {inInputs}");
        yield return Sql.Of($"select l.run from input_datasets d join run_datasets l on l.dataset = d.id where d.name in ({version.Name}, {version.Reference})");
        yield return Sql.Of($"select run from params where key = 'dataset_hash' and substr(value, 1, 64) in {anywhere}");
        yield return Sql.Of($"select run from params where key = 'dataset_name' and substr(value, 1, 160) in ({version.Name}, {version.Reference})");
        yield return Sql.Of($"select run from run_manifests where hash in {anywhere}");
        yield return Sql.Of($"select run from run_manifests where name in ({version.Name}, {version.Reference})");
    }

    // As they may be written: cut anywhere, in small or in capital letters.
    private static List<string> Digests(DatasetVersionRow version, int most) =>
    [
        .. new[] { version.ByteDigest, version.TableDigest }.OfType<string>()
            .SelectMany(digest => Enumerable.Range(DataClaim.LeastDigest, Math.Min(most, digest.Length) - DataClaim.LeastDigest + 1).Select(length => digest[..length]))
            .SelectMany(digest => new[] { digest, digest.ToUpperInvariant() })
            .Distinct(),
    ];
}
