using System.Data.Common;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>logged_models</c>, its params and its tags.</summary>
internal static class LoggedModels
{
    public static async Task<LoggedModelRow> GetAsync(Reader reader, string modelId, CancellationToken cancellationToken) =>
        await FindAsync(reader, modelId, cancellationToken) is { DeletedAt: null } model ? model : throw Unknown(modelId);

    public static Task<LoggedModelRow?> FindAsync(Reader reader, string modelId, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from logged_models where model_id = {modelId}", Map, cancellationToken);

    /// <summary>Where the files of those of these models are that the run made.</summary>
    public static Task<List<string>> LocationsAsync(Reader reader, string runId, IReadOnlyCollection<string> modelIds, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"select artifact_uri from logged_models where model_id in {modelIds} and source_run_id = {runId} and deleted_at is null",
            row => row.GetString(0),
            cancellationToken);

    /// <summary>Holds the model until the transaction ends.</summary>
    public static async Task<LoggedModelRow> LockAsync(Writer writer, string modelId, CancellationToken cancellationToken) =>
        await writer.FindAsync($"select {Columns} from logged_models where model_id = {modelId} {writer.Dialect.ForUpdate}", Map, cancellationToken) is { DeletedAt: null } model
            ? model
            : throw Unknown(modelId);

    /// <summary>The rows of these ids, in their order, with all that belongs to them.</summary>
    public static async Task<List<LoggedModelRow>> LoadAsync(Reader reader, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<long, LoggedModelRow>(ids.Count);
        foreach (var some in ids.Chunk(512))
        {
            var texts = await TextsAsync(reader, some, cancellationToken);
            var metrics = await LoggedModelMetrics.OfAsync(reader, some, cancellationToken);
            await reader.EachAsync($"select {Columns} from logged_models where id in {some}", row =>
            {
                var model = Map(row);
                rows.Add(model.Id, model with
                {
                    Params = [.. texts[(model.Id, false)]],
                    Tags = [.. texts[(model.Id, true)]],
                    Metrics = [.. metrics[model.Id].Select(metric => metric with { ModelId = model.ModelId })],
                });
            }, cancellationToken);
        }

        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    public static async Task<LoggedModelRow> LoadAsync(Reader reader, LoggedModelRow row, CancellationToken cancellationToken) => (await LoadAsync(reader, [row.Id], cancellationToken))[0];

    public static Task AddAsync(Writer writer, LoggedModelRow row, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"""
            insert into logged_models (id, model_id, experiment, name, model_type, source_run_id, artifact_uri, status, created_at, updated_at)
            values ({row.Id}, {row.ModelId}, {row.Experiment}, {row.Name}, {row.ModelType}, {row.SourceRunId}, {row.ArtifactUri}, {(long)row.Status}, {row.CreatedAt}, {row.UpdatedAt})
            """, cancellationToken);

    public static Task SetStatusAsync(Writer writer, LoggedModelRow row, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update logged_models set status = {(long)row.Status}, updated_at = {row.UpdatedAt} where id = {row.Id}", cancellationToken);

    public static Task DeleteAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update logged_models set deleted_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task<string?> FindParamAsync(Reader reader, long model, string key, CancellationToken cancellationToken) =>
        reader.FindAsync($"select value from logged_model_params where model = {model} and key = {key}", row => row.GetString(0), cancellationToken);

    public static Task AddParamAsync(Writer writer, long model, Pair param, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"insert into logged_model_params (model, key, value) values ({model}, {param.Key}, {param.Value})", cancellationToken);

    public static Task<string?> FindTagAsync(Reader reader, long model, string key, CancellationToken cancellationToken) =>
        reader.FindAsync($"select value from logged_model_tags where model = {model} and key = {key}", row => row.GetString(0), cancellationToken);

    public static Task SetTagAsync(Writer writer, long model, Pair tag, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"""
            insert into logged_model_tags (model, key, value) values ({model}, {tag.Key}, {tag.Value})
            on conflict (model, key) do update set value = excluded.value
            """, cancellationToken);

    public static async Task<bool> DeleteTagAsync(Writer writer, long model, string key, CancellationToken cancellationToken) =>
        await writer.ExecuteAsync($"delete from logged_model_tags where model = {model} and key = {key}", cancellationToken) == 1;

    /// <summary>Those that were deleted before a time, or whose experiments were, by id.</summary>
    public static Task<List<Erasing.Erasable>> ErasableAsync(Reader reader, long until, (long After, int Limit) page, CancellationToken cancellationToken) => reader.ListAsync(
        $"select m.id, m.model_id, m.experiment, m.artifact_uri from logged_models m join experiments e on e.id = m.experiment where {Erasable(until)} and m.id > {page.After} order by m.id limit {page.Limit}",
        Erasing.Erasable.Map,
        cancellationToken);

    public static Task<bool> IsErasableAsync(Reader reader, long id, long until, CancellationToken cancellationToken) =>
        reader.AnyAsync($"select 1 from logged_models m join experiments e on e.id = m.experiment where m.id = {id} and {Erasable(until)}", cancellationToken);

    /// <summary>Removes the model for good.</summary>
    public static async Task EraseAsync(Change change, long id, CancellationToken cancellationToken)
    {
        await LoggedModelMetrics.RemoveAsync(change, id, cancellationToken);
        await change.ExecuteAsync($"delete from logged_model_params where model = {id}", cancellationToken);
        await change.ExecuteAsync($"delete from logged_model_tags where model = {id}", cancellationToken);
        await change.ExecuteAsync($"delete from logged_models where id = {id}", cancellationToken);
    }

    public static Fault Unknown(string modelId) => Fault.NotFound($"Logged model with ID '{Checks.Text.Shorten(modelId)}' not found.");

    private static Sql Erasable(long until) => Sql.Of($"(m.deleted_at <= {until} or e.deleted_at <= {until})");

    private static Sql Columns => Sql.Of($"id, model_id, experiment, name, model_type, source_run_id, artifact_uri, status, created_at, updated_at, deleted_at");

    private static async Task<ILookup<(long Model, bool IsTag), Pair>> TextsAsync(Reader reader, long[] models, CancellationToken cancellationToken)
    {
        var texts = await reader.ListAsync($"""
            select model, cast(0 as bigint), key, value from logged_model_params where model in {models}
            union all select model, 1, key, value from logged_model_tags where model in {models}
            """, row => (Key: (row.GetInt64(0), row.GetInt64(1) == 1), Pair: new Pair(row.GetString(2), row.GetString(3))), cancellationToken);
        return texts.ToLookup(text => text.Key, text => text.Pair);
    }

    private static LoggedModelRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3))
    {
        ModelType = row.GetString(4),
        SourceRunId = row.GetString(5),
        ArtifactUri = row.GetString(6),
        Status = (LoggedModelStatus)row.GetInt64(7),
        CreatedAt = row.GetInt64(8),
        UpdatedAt = row.GetInt64(9),
        DeletedAt = row.IsDBNull(10) ? null : row.GetInt64(10),
    };
}
