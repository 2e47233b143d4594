using Slipway.Store;

namespace Slipway.Server.Lineage;

/// <summary>The edges at either side of nodes of one kind.</summary>
internal static class LineageSteps
{
    /// <summary>How many nodes are looked at in one piece.</summary>
    public const int Most = 256;

    private const string Made = "made";
    private const string Used = "used";
    private const string Registered = "registered";
    private const string Copied = "copied";

    /// <summary>What went into these.</summary>
    public static async Task<List<LineageEdge>> UpAsync(Reader reader, NodeKind kind, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var edges = kind == NodeKind.Run ? await DataUses.OfRunsAsync(reader, ids, cancellationToken) : [];
        await reader.EachAsync([.. Up(kind, ids).Select(step => step.Collect(edges))], cancellationToken);
        if (kind == NodeKind.ModelVersion)
        {
            edges.AddRange(await PlacesAsync(reader, ids, cancellationToken));
        }

        return edges;
    }

    /// <summary>What these went into.</summary>
    public static async Task<List<LineageEdge>> DownAsync(Reader reader, NodeKind kind, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var edges = kind == NodeKind.DatasetVersion ? await DataUses.OfVersionsAsync(reader, ids, cancellationToken) : [];
        await reader.EachAsync([.. Down(kind, ids).Select(step => step.Collect(edges))], cancellationToken);
        return edges;
    }

    private static IEnumerable<Step> Up(NodeKind kind, IReadOnlyCollection<long> ids) => kind switch
    {
        NodeKind.Run => [ModelInputs(Sql.Of($"i.run in {ids}"))],
        NodeKind.LoggedModel => [SourceRuns(Sql.Of($"m.id in {ids}")), Outputs(Sql.Of($"m.id in {ids}"))],
        NodeKind.ModelVersion => [VersionRuns(Sql.Of($"v.id in {ids}")), VersionModels(Sql.Of($"v.id in {ids}")), Copies(Sql.Of($"c.id in {ids}"))],
        _ => [],
    };

    private static IEnumerable<Step> Down(NodeKind kind, IReadOnlyCollection<long> ids) => kind switch
    {
        NodeKind.Run => [SourceRuns(Sql.Of($"r.id in {ids}")), Outputs(Sql.Of($"r.id in {ids}")), VersionRuns(Sql.Of($"r.id in {ids}")), RunPlaces(ids)],
        NodeKind.LoggedModel => [ModelInputs(Sql.Of($"m.id in {ids}")), VersionModels(Sql.Of($"m.id in {ids}"))],
        NodeKind.ModelVersion => [Copies(Sql.Of($"o.id in {ids}"))],
        _ => [],
    };

    // A run evaluates or tunes a logged model.
    private static Step ModelInputs(Sql chosen) => new(
        (NodeKind.LoggedModel, NodeKind.Run, Used),
        Sql.Of($"select m.id, i.run from run_model_inputs i join logged_models m on m.model_id = i.model_id where {chosen}"));

    private static Step SourceRuns(Sql chosen) => new(
        (NodeKind.Run, NodeKind.LoggedModel, Made),
        Sql.Of($"select r.id, m.id from logged_models m join runs r on r.run_id = m.source_run_id where {chosen}"));

    private static Step Outputs(Sql chosen) => new(
        (NodeKind.Run, NodeKind.LoggedModel, Made),
        Sql.Of($"select r.id, m.id from run_model_outputs o join runs r on r.id = o.run join logged_models m on m.model_id = o.model_id where {chosen}"));

    private static Step VersionRuns(Sql chosen) => new(
        (NodeKind.Run, NodeKind.ModelVersion, Registered),
        Sql.Of($"select r.id, v.id from model_versions v join runs r on r.run_id = v.run_id where v.stage is not null and {chosen}"));

    private static Step VersionModels(Sql chosen) => new(
        (NodeKind.LoggedModel, NodeKind.ModelVersion, Registered),
        Sql.Of($"select m.id, v.id from model_versions v join logged_models m on m.model_id = v.logged_model_id where v.stage is not null and {chosen}"));

    // Who registers files without naming the run has them from it all the same.
    private static Step RunPlaces(IReadOnlyCollection<long> runs) => new(
        (NodeKind.Run, NodeKind.ModelVersion, Registered),
        Sql.Of($"""
            select r.id, v.id from runs r join model_versions v on substr(v.source, 1, 400) >= r.artifact_uri and substr(v.source, 1, 400) < r.artifact_uri || '0'
            where r.id in {runs} and v.stage is not null and v.run_id = '' and substr(v.source, length(r.artifact_uri) + 1, 1) in ('', '/')
            """));

    // The other way round: a run keeps its files in a folder of its id, so whichever it is, its id is among the names above the files.
    private static async Task<IEnumerable<LineageEdge>> PlacesAsync(Reader reader, IReadOnlyCollection<long> versions, CancellationToken cancellationToken)
    {
        var sources = await reader.ListAsync($"select id, source from model_versions where id in {versions} and stage is not null and run_id = ''", row => (Id: row.GetInt64(0), Source: row.GetString(1)), cancellationToken);
        var runs = sources.Count == 0 ? [] : await reader.ListAsync(
            $"select id, artifact_uri from runs where run_id in {sources.SelectMany(version => version.Source.Split('/')).Distinct().ToList()}",
            row => (Id: row.GetInt64(0), Place: row.GetString(1)),
            cancellationToken);
        return from version in sources
               from run in runs
               where (version.Source + "/").StartsWith(run.Place + "/", StringComparison.Ordinal)
               select new LineageEdge(new LineageNode(NodeKind.Run, run.Id), new LineageNode(NodeKind.ModelVersion, version.Id), Registered);
    }

    // A copy names the files of the original as its own; o is the original and c the copy.
    private static Step Copies(Sql chosen) => new(
        (NodeKind.ModelVersion, NodeKind.ModelVersion, Copied),
        Sql.Of($"""
            select o.id, c.id from model_versions c join model_versions o on substr(o.source, 1, 400) = substr(c.storage_location, 1, 400)
            where {chosen} and o.source = c.storage_location and c.storage_location is not null and c.stage is not null and o.stage is not null and o.storage_location is null
            """));

    /// <summary>A statement that finds edges of one kind.</summary>
    private readonly record struct Step((NodeKind From, NodeKind To, string How) Kind, Sql Sql)
    {
        public Query Collect(List<LineageEdge> edges)
        {
            var (from, to, how) = Kind;
            return new Query(Sql, row => edges.Add(new LineageEdge(new LineageNode(from, row.GetInt64(0)), new LineageNode(to, row.GetInt64(1)), how)));
        }
    }
}
