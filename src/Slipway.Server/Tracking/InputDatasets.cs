using System.Data.Common;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>input_datasets</c>, <c>run_datasets</c> and <c>run_dataset_tags</c>.</summary>
internal static class InputDatasets
{
    /// <summary>The tag that says what a dataset was used for.</summary>
    public const string Context = "mlflow.data.context";

    /// <summary>Links a dataset to a run; the first description of a dataset and the first tags of a link stay.</summary>
    public static async Task LinkAsync(Writer writer, RunRow run, InputDataset input, CancellationToken cancellationToken)
    {
        var dataset = await FindOrAddAsync(writer, run.Experiment, input, cancellationToken);
        if (await writer.ExecuteAsync($"insert into run_datasets (run, dataset) values ({run.Id}, {dataset}) on conflict do nothing", cancellationToken) == 0)
        {
            return;
        }

        foreach (var tag in input.Tags)
        {
            await writer.ExecuteAsync($"insert into run_dataset_tags (run, dataset, key, value) values ({run.Id}, {dataset}, {tag.Key}, {tag.Value})", cancellationToken);
        }
    }

    /// <summary>The datasets that these runs used, given as what can stand after <c>in</c>. Their tags are complete when all is read.</summary>
    public static Query Each(Sql runs, Action<long, InputDataset> take)
    {
        var (last, input) = ((Run: 0L, Dataset: 0L), default(InputDataset));
        return new Query($"""
            select l.run, d.id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile, t.key, t.value
            from run_datasets l join input_datasets d on d.id = l.dataset
            left join run_dataset_tags t on t.run = l.run and t.dataset = l.dataset
            where l.run in {runs} order by l.run, d.id, t.key
            """, row =>
        {
            var next = (row.GetInt64(0), row.GetInt64(1));
            if (input is null || last != next)
            {
                (last, input) = (next, Map(row));
                take(last.Run, input);
            }

            if (!row.IsDBNull(8))
            {
                input.Tags.Add(new Pair(row.GetString(8), row.GetString(9)));
            }
        });
    }

    /// <summary>Name and digest of each dataset that the run used.</summary>
    public static Task<List<(string Name, string Digest)>> NamesAsync(Reader reader, long run, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"select d.name, d.digest from run_datasets l join input_datasets d on d.id = l.dataset where l.run = {run}",
            row => (row.GetString(0), row.GetString(1)),
            cancellationToken);

    /// <summary>The datasets that active runs of these experiments used, with the first context of each.</summary>
    public static Task<List<(long Experiment, string Name, string Digest, string? Context)>> SummariesAsync(Reader reader, IReadOnlyCollection<long> experiments, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select distinct d.experiment, d.name, d.digest, t.value
            from input_datasets d join run_datasets l on l.dataset = d.id join runs r on r.id = l.run
            left join run_dataset_tags t on t.run = l.run and t.dataset = l.dataset and t.key = {Context}
            where d.experiment in {experiments} and r.deleted_at is null
            order by d.name, d.digest, d.experiment limit 1000
            """, row => (row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3)), cancellationToken);

    /// <summary>Removes the inputs of a run. The datasets stay with their experiment.</summary>
    public static async Task RemoveAsync(Writer writer, long run, CancellationToken cancellationToken)
    {
        await writer.ExecuteAsync($"delete from run_dataset_tags where run = {run}", cancellationToken);
        await writer.ExecuteAsync($"delete from run_datasets where run = {run}", cancellationToken);
    }

    /// <summary>Removes the datasets of an experiment that has no runs any more.</summary>
    public static Task RemoveAllAsync(Writer writer, long experiment, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from input_datasets where experiment = {experiment}", cancellationToken);

    private static async Task<long> FindOrAddAsync(Writer writer, long experiment, InputDataset input, CancellationToken cancellationToken)
    {
        var id = await FindAsync(writer, experiment, input, cancellationToken);
        if (id is not null)
        {
            return id.Value;
        }

        var added = await writer.TakeIdsAsync("input_datasets", 1, cancellationToken);
        return await writer.ExecuteAsync($"""
            insert into input_datasets (id, experiment, name, digest, source_type, source, schema, profile)
            values ({added}, {experiment}, {input.Name}, {input.Digest}, {input.SourceType}, {input.Source}, {input.Schema}, {input.Profile})
            on conflict do nothing
            """, cancellationToken) == 1
            ? added
            : (await FindAsync(writer, experiment, input, cancellationToken)).GetValueOrDefault();
    }

    private static Task<long?> FindAsync(Reader reader, long experiment, InputDataset input, CancellationToken cancellationToken) =>
        reader.FindAsync(
            $"select id from input_datasets where experiment = {experiment} and name = {input.Name} and digest = {input.Digest}",
            row => (long?)row.GetInt64(0),
            cancellationToken);

    private static InputDataset Map(DbDataReader row) => new(row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5))
    {
        Schema = row.IsDBNull(6) ? null : row.GetString(6),
        Profile = row.IsDBNull(7) ? null : row.GetString(7),
    };
}

/// <summary>A dataset that a run used, with the tags of its use.</summary>
internal sealed record InputDataset(string Name, string Digest, string SourceType, string Source)
{
    public const int NameLimit = 500;
    public const int DigestLimit = 36;

    public string? Schema { get; init; }

    public string? Profile { get; init; }

    public List<Pair> Tags { get; init; } = [];

    public DatasetInput ToWire() => new(Pair.ToWire(Tags), new Dataset(Name, Digest, SourceType, Source, Schema, Profile));
}
