using System.Data.Common;
using Slipway.Server.Tracking.Erasing;
using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that touches <c>runs</c>.</summary>
internal static class Runs
{
    private static readonly BulkInsert<RunRow> Insert = new(
        "runs",
        "",
        new Int64Column<RunRow>("id", row => row.Id),
        new TextColumn<RunRow>("run_id", row => row.RunId),
        new Int64Column<RunRow>("experiment", row => row.Experiment),
        new TextColumn<RunRow>("name", row => row.Name),
        new TextColumn<RunRow>("user_id", row => row.UserId),
        new TextColumn<RunRow>("status", row => row.Status),
        new Int64Column<RunRow>("start_time", row => row.StartTime),
        new TextColumn<RunRow>("artifact_uri", row => row.ArtifactUri));

    public static Task<RunRow?> FindAsync(Reader reader, string runId, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from runs where run_id = {runId}", Map, cancellationToken);

    public static async Task<RunRow> GetAsync(Reader reader, string runId, CancellationToken cancellationToken) =>
        await FindAsync(reader, runId, cancellationToken) ?? throw Unknown(runId);

    /// <summary>The experiments of those of the runs that there are.</summary>
    public static Task<List<long>> ExperimentsOfAsync(Reader reader, IReadOnlyList<string> runIds, CancellationToken cancellationToken) =>
        reader.ListAsync($"select distinct experiment from runs where run_id in {runIds}", row => row.GetInt64(0), cancellationToken);

    /// <summary>The internal id of a run, as a value in other statements.</summary>
    public static Lookup IdOf(string runId) => new(Sql.Of($"select id from runs where run_id = {runId}"));

    /// <summary>The same as a list.</summary>
    public static Sql ListOf(string runId) => Sql.Of($"({IdOf(runId)})");

    /// <summary>The runs of these internal ids.</summary>
    /// <param name="runs">What can stand after <c>in</c>.</param>
    /// <param name="take">Takes one.</param>
    public static Query Each(Sql runs, Action<RunRow> take) => new($"select {Columns} from runs where id in {runs}", row => take(Map(row)));

    /// <summary>Holds the run until the transaction ends, so that what is written to it is written in order.</summary>
    public static async Task<RunRow> LockActiveAsync(Writer writer, string runId, CancellationToken cancellationToken)
    {
        var run = await writer.FindAsync($"select {Columns} from runs where run_id = {runId} {writer.Dialect.ForUpdate}", Map, cancellationToken) ?? throw Unknown(runId);
        return run.DeletedAt is null ? run : throw NotActive(runId);
    }

    /// <summary>Holds these runs; always in the order of their ids, so that no two groups wait for each other.</summary>
    public static async Task<Dictionary<string, RunRow>> LockAsync(Writer writer, IReadOnlyCollection<string> runIds, CancellationToken cancellationToken)
    {
        var runs = new Dictionary<string, RunRow>(runIds.Count);
        foreach (var some in runIds.Order(StringComparer.Ordinal).Chunk(1024))
        {
            await writer.EachAsync($"select {Columns} from runs where run_id in {some} order by run_id {writer.Dialect.ForUpdate}", row =>
            {
                var run = Map(row);
                runs.Add(run.RunId, run);
            }, cancellationToken);
        }

        return runs;
    }

    public static Task AddAsync(Writer writer, IReadOnlyList<RunRow> rows, CancellationToken cancellationToken) => writer.InsertAsync(Insert, rows, cancellationToken);

    public static Task UpdateAsync(Writer writer, RunRow row, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update runs set name = {row.Name}, status = {row.Status}, end_time = {row.EndTime} where id = {row.Id}", cancellationToken);

    public static Task RenameAsync(Writer writer, long id, string name, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update runs set name = {name} where id = {id}", cancellationToken);

    public static Task SetDeletedAsync(Change change, long id, bool deleted, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update runs set deleted_at = {(deleted ? change.Info.At : (long?)null)} where id = {id}", cancellationToken);

    public static Task SetAllDeletedAsync(Change change, long experiment, bool deleted, CancellationToken cancellationToken) =>
        deleted
            ? change.ExecuteAsync($"update runs set deleted_at = {change.Info.At} where experiment = {experiment} and deleted_at is null", cancellationToken)
            : change.ExecuteAsync($"update runs set deleted_at = null where experiment = {experiment} and deleted_at is not null", cancellationToken);

    /// <summary>Those that were deleted before a time, by id.</summary>
    public static Task<List<Erasable>> ErasableAsync(Reader reader, long until, (long After, int Limit) page, CancellationToken cancellationToken) =>
        reader.ListAsync($"select id, run_id, experiment, artifact_uri from runs where deleted_at <= {until} and id > {page.After} order by id limit {page.Limit}", Erasable.Map, cancellationToken);

    /// <summary>Removes the run for good, with all that was logged to it.</summary>
    public static async Task EraseAsync(Change change, long id, CancellationToken cancellationToken)
    {
        await Metrics.RemoveAsync(change, id, cancellationToken);
        await Params.RemoveAsync(change, id, cancellationToken);
        await RunTags.RemoveAsync(change, id, cancellationToken);
        await InputDatasets.RemoveAsync(change, id, cancellationToken);
        await RunModels.RemoveAsync(change, id, cancellationToken);
        await change.ExecuteAsync($"delete from runs where id = {id}", cancellationToken);
    }

    public static Fault Unknown(string runId) => Fault.NotFound($"Run with id={runId} not found");

    public static Fault NotActive(string runId) => Fault.Invalid($"The run {runId} must be in the 'active' state. Restore it first.");

    private static Sql Columns => Sql.Of($"id, run_id, experiment, name, user_id, status, start_time, end_time, artifact_uri, deleted_at");

    private static RunRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3))
    {
        UserId = row.GetString(4),
        Status = row.GetString(5),
        StartTime = row.GetInt64(6),
        EndTime = row.IsDBNull(7) ? null : row.GetInt64(7),
        ArtifactUri = row.GetString(8),
        DeletedAt = row.IsDBNull(9) ? null : row.GetInt64(9),
    };
}
