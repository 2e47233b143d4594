using System.Data.Common;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>pipelines</c> and <c>pipeline_versions</c>.</summary>
internal static class Pipelines
{
    /// <summary>The pipeline in force for a model; null when none is.</summary>
    public static async Task<Pipeline?> FindForAsync(Reader reader, string model, CancellationToken cancellationToken) =>
        Choose(await InForceAsync(reader, cancellationToken), model);

    /// <summary>The pipeline that decides about a model: the one whose pattern fits closest, then the first by name.</summary>
    public static Pipeline? Choose(IEnumerable<Pipeline> pipelines, string model) => pipelines
        .Where(pipeline => NamePattern.Matches(pipeline.Models, model))
        .OrderByDescending(pipeline => NamePattern.LiteralsIn(pipeline.Models))
        .ThenBy(pipeline => pipeline.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Asks which version of each pipeline is in force.</summary>
    public static Query EachApplied(Action<PipelineInForce> take) => new(
        $"select p.id, v.version, v.digest from pipelines p join pipeline_versions v on v.pipeline = p.id and v.version = p.version",
        row => take(new PipelineInForce(row.GetInt64(0), row.GetInt64(1), row.GetString(2))));

    /// <summary>All pipelines in force.</summary>
    public static async Task<List<Pipeline>> InForceAsync(Reader reader, CancellationToken cancellationToken)
    {
        var applied = new List<PipelineInForce>();
        await reader.EachAsync([EachApplied(applied.Add)], cancellationToken);
        var pipelines = new List<Pipeline>(applied.Count);
        foreach (var (id, version, digest) in applied)
        {
            pipelines.Add(ParsedPipelines.Find(version, digest) ?? ParsedPipelines.Add(digest, (await GetTextAsync(reader, id, version, cancellationToken), version)));
        }

        return pipelines;
    }

    /// <summary>The stage of a model that a text names: one of its pipeline's and those that are always there, or of the standard ones without a pipeline.</summary>
    /// <exception cref="Fault">The model has no such stage.</exception>
    public static async Task<string> ReadStageAsync(Reader reader, string model, string text, CancellationToken cancellationToken) =>
        ReadStage(await FindForAsync(reader, model, cancellationToken), text);

    /// <inheritdoc cref="ReadStageAsync"/>
    public static string ReadStage(Pipeline? pipeline, string text)
    {
        if (pipeline is null)
        {
            return StageName.Parse(text);
        }

        return pipeline.FindStage(text)?.Name
            ?? (StageName.Find(text) is { } always and (StageName.None or StageName.Archived) ? always : throw NoSuchStage(pipeline, text));
    }

    /// <summary>The applied version of a pipeline; null when it was never applied or was taken away.</summary>
    public static Task<PipelineRow?> FindAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} on v.pipeline = p.id and v.version = p.version where p.name = {name}", Map, cancellationToken);

    /// <summary>Any version that was ever applied under the name.</summary>
    public static Task<PipelineRow?> FindAsync(Reader reader, string name, long version, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} on v.pipeline = p.id where p.name = {name} and v.version = {version}", Map, cancellationToken);

    /// <summary>Those in force, by name.</summary>
    public static Task<List<PipelineRow>> ListAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} on v.pipeline = p.id and v.version = p.version order by p.name", Map, cancellationToken);

    /// <summary>The number under which a pipeline would be applied next. It goes on where it was, even after the pipeline was taken away.</summary>
    public static async Task<long> NextVersionAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select max(v.version) from pipelines p join pipeline_versions v on v.pipeline = p.id where p.name = {name}", row => row.IsDBNull(0) ? 1 : row.GetInt64(0) + 1, cancellationToken);

    /// <summary>Puts a version in force.</summary>
    public static async Task ApplyAsync(Change change, PipelineRow row, CancellationToken cancellationToken)
    {
        var id = await change.FindAsync($"select id from pipelines where name = {row.Name}", found => (long?)found.GetInt64(0), cancellationToken);
        if (id is null)
        {
            id = await change.TakeIdsAsync("pipelines", 1, cancellationToken);
            await change.ExecuteAsync($"insert into pipelines (id, name, version) values ({id}, {row.Name}, {row.Version})", cancellationToken);
        }
        else
        {
            await change.ExecuteAsync($"update pipelines set version = {row.Version} where id = {id}", cancellationToken);
        }

        await change.ExecuteAsync($"""
            insert into pipeline_versions (pipeline, version, at, seq, actor, digest, text)
            values ({id}, {row.Version}, {row.At}, {change.Info.Sequence}, {row.Actor}, {row.Digest}, {row.Text})
            """, cancellationToken);
    }

    /// <summary>Takes a pipeline out of force; its versions stay on record.</summary>
    public static Task WithdrawAsync(Change change, string name, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update pipelines set version = null where name = {name}", cancellationToken);

    public static Fault Unknown(string name) => Fault.NotFound($"There is no pipeline '{Checks.Text.Shorten(name)}'.");

    private static Sql Select => Sql.Of($"select p.name, v.version, v.at, v.actor, v.digest, v.text from pipelines p join pipeline_versions v");

    private static async Task<string> GetTextAsync(Reader reader, long id, long version, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select text from pipeline_versions where pipeline = {id} and version = {version}", row => row.GetString(0), cancellationToken)
        ?? throw new InvalidOperationException($"Version {version} of the pipeline {id} has no text.");

    private static Fault NoSuchStage(Pipeline pipeline, string text) => Fault.Invalid(
        $"Invalid Model Version stage: '{Checks.Text.Shorten(text)}'. By the pipeline {pipeline.Name}, value must be one of {string.Join(", ", [StageName.None, .. pipeline.Stages.Select(stage => stage.Name), StageName.Archived])}.");

    private static PipelineRow Map(DbDataReader row) => new(row.GetString(0), row.GetInt64(1))
    {
        At = row.GetInt64(2),
        Actor = row.GetString(3),
        Digest = row.GetString(4),
        Text = row.GetString(5),
    };
}

/// <summary>A version of a pipeline that is in force.</summary>
internal readonly record struct PipelineInForce(long Id, long Version, string Digest);
