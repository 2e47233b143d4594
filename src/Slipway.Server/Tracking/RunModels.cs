using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Every statement that writes <c>run_model_inputs</c> and <c>run_model_outputs</c>.</summary>
internal static class RunModels
{
    public static Task AddInputAsync(Writer writer, long run, string modelId, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"insert into run_model_inputs (run, model_id) values ({run}, {modelId}) on conflict do nothing", cancellationToken);

    public static Task SetOutputAsync(Writer writer, long run, (string ModelId, long Step) output, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"""
            insert into run_model_outputs (run, model_id, step) values ({run}, {output.ModelId}, {output.Step})
            on conflict (run, model_id) do update set step = excluded.step
            """, cancellationToken);

    public static async Task RemoveAsync(Writer writer, long run, CancellationToken cancellationToken)
    {
        await writer.ExecuteAsync($"delete from run_model_inputs where run = {run}", cancellationToken);
        await writer.ExecuteAsync($"delete from run_model_outputs where run = {run}", cancellationToken);
    }
}
