using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Notes that a run logged a model, as clients before 3.0 do: in a tag that is a list.</summary>
internal sealed record LogModel(string RunId, JsonObject Model)
{
    private const string HistoryTag = "mlflow.log-model.history";
    private const int Depth = 64;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Depth, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions Stored = new() { MaxDepth = Depth + 1 };
    private static readonly string[] Mandatory = ["artifact_path", "flavors", "utc_time_created", "run_id"];

    public static LogModel Decode(LogModelRequest wire)
    {
        var runId = Require.RunId(wire.RunId);
        var model = Parse(Require.Text(wire.ModelJson, "model_json"));
        var missing = Mandatory.Where(name => !model.ContainsKey(name)).ToList();
        return missing.Count == 0 ? new LogModel(runId, model) : throw Fault.Invalid($"Model json is missing mandatory fields: {string.Join(", ", missing)}.");
    }

    public async Task<bool> WriteAsync(Writer writer, CancellationToken cancellationToken)
    {
        var run = await Runs.LockActiveAsync(writer, RunId, cancellationToken);
        var history = await RunTags.FindAsync(writer, run.Id, HistoryTag, cancellationToken) is { } text && TryParseList(text) is { } list ? list : [];
        history.Add(Model.DeepClone());

        // It grows with each model, so it is exempt from the limit of a tag's value.
        await RunTags.SetAsync(writer, [(run.Id, new Pair(HistoryTag, history.ToJsonString()))], cancellationToken);
        return true;
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject ?? throw Fault.Invalid("Malformed model info: model_json must be a JSON object.");
        }
        catch (JsonException exception)
        {
            throw Fault.Invalid($"Malformed model info: model_json is not valid JSON near position {exception.BytePositionInLine}.");
        }
    }

    // Users may overwrite any tag; what is no list any more begins anew.
    private static JsonArray? TryParseList(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Stored) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
