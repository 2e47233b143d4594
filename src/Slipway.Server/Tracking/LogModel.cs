using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Notes that a run logged a model, as clients before 3.0 do: in a tag that is a list.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Model">The text of a JSON object.</param>
internal sealed record LogModel(string RunId, string Model)
{
    private const string HistoryTag = "mlflow.log-model.history";
    private static readonly string[] Mandatory = ["artifact_path", "flavors", "utc_time_created", "run_id"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public static LogModel Decode(LogModelRequest wire)
    {
        var runId = Require.RunId(wire.RunId);
        var text = Require.Text(wire.ModelJson, "model_json");
        var missing = Mandatory.Except(Names(text)).ToList();
        return missing.Count == 0 ? new LogModel(runId, text.Trim()) : throw Fault.Invalid($"Model json is missing mandatory fields: {string.Join(", ", missing)}.");
    }

    public async Task<bool> WriteAsync(Writer writer, CancellationToken cancellationToken)
    {
        var run = await Runs.LockActiveAsync(writer, RunId, cancellationToken);
        var history = await RunTags.FindAsync(writer, run.Id, HistoryTag, cancellationToken);

        // It grows with each model, so it is exempt from the limit of a tag's value.
        await RunTags.SetAsync(writer, [(run.Id, new Pair(HistoryTag, JsonList.Append(history, Model)))], cancellationToken);
        return true;
    }

    private static List<string> Names(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, Strict);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Select(property => property.Name)]
                : throw Fault.Invalid("Malformed model info: model_json must be a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is how the framework says that a name is half a surrogate pair.
            throw Fault.Invalid($"Malformed model info: model_json is not valid JSON, or names a field twice: {exception.Message}");
        }
    }
}
