using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Lineage;

/// <summary>Reads what runs say of their data: in the inputs that MLflow logs, in params as courses on MLflow log them, and in a manifest.</summary>
internal static class DataClaims
{
    /// <summary>The param, or the tag of an input, that names a dataset.</summary>
    public const string NameKey = "dataset_name";

    /// <inheritdoc cref="NameKey"/>
    public const string VersionKey = "dataset_version";

    /// <inheritdoc cref="NameKey"/>
    public const string HashKey = "dataset_hash";

    public static async Task<List<DataClaim>> OfAsync(Reader reader, IReadOnlyCollection<long> runs, CancellationToken cancellationToken)
    {
        var claims = new List<DataClaim>();
        var inputs = new List<(long Run, InputDataset Input)>();
        var said = new Dictionary<long, Dictionary<string, string>>();
        await reader.EachAsync(
            [
                InputDatasets.Each(Sql.Of($"{runs}"), (run, input) => inputs.Add((run, input))),
                new Query(
                    $"select run, key, value from params where run in {runs} and key in ({NameKey}, {VersionKey}, {HashKey})",
                    row => (said.TryGetValue(row.GetInt64(0), out var known) ? known : said[row.GetInt64(0)] = []).Add(row.GetString(1), row.GetString(2))),
                RunManifests.Each(runs, claims.Add),
            ],
            cancellationToken);
        claims.AddRange(inputs.Select(input => DataClaim.Of(input.Run, DataClaim.ByInput, (input.Input.Name, input.Input.Tags.Where(tag => tag.Key == VersionKey).Select(tag => tag.Value).FirstOrDefault(), input.Input.Digest))));
        claims.AddRange(said.Select(run => DataClaim.Of(run.Key, DataClaim.ByParams, (run.Value.GetValueOrDefault(NameKey), run.Value.GetValueOrDefault(VersionKey), run.Value.GetValueOrDefault(HashKey)))));
        return claims;
    }
}
