using System.Globalization;
using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Server.Delivery.Testing;

/// <summary>What is sent to a model to see whether it answers.</summary>
/// <param name="Body">A request.</param>
/// <param name="Origin">Where it comes from.</param>
internal sealed record Sample(string Body, string Origin)
{
    private const int ExampleLimit = 1 << 20;

    /// <summary>The logged example, else the first row of a dataset, else what the signature allows; null with none of these.</summary>
    public static async Task<Sample?> FindAsync(ModelFolder folder, DatasetRows? dataset, string? label, CancellationToken cancellationToken)
    {
        if (OfExample(folder) is { } example)
        {
            return example;
        }

        if (dataset is not null)
        {
            await foreach (var batch in dataset.BatchesAsync(1, label, cancellationToken))
            {
                return new Sample(batch.ToBody(), "dataset");
            }
        }

        return OfSignature(folder);
    }

    /// <summary>What the signature allows, made up; null without one.</summary>
    public static Sample? OfSignature(ModelFolder folder) =>
        folder.Model?.Signature?.Inputs is { } inputs && OfSignature(inputs) is { } body ? new Sample(body, "signature") : null;

    /// <summary>The example that was logged with the model, as a request; null when there is none that can be sent.</summary>
    public static Sample? OfExample(ModelFolder folder)
    {
        var example = folder.Model?.InputExample;
        var serving = folder.Find(example?.ServingPath ?? "serving_input_example.json");
        if (serving is not null && ReadJson(serving) is { } ready)
        {
            return new Sample(ready.GetRawText(), "example");
        }

        return example is not null && folder.Find(example.Path) is { } path && ReadJson(path) is { } json ? Wrap(example, json) : null;
    }

    private static Sample? Wrap(InputExample example, JsonElement json) => (example.Kind, json.ValueKind) switch
    {
        ("dataframe", JsonValueKind.Object) => new Sample($"{{\"dataframe_split\":{json.GetRawText()}}}", "example"),
        ("dataframe", JsonValueKind.Array) => new Sample($"{{\"dataframe_split\":{{\"data\":{json.GetRawText()}}}}}", "example"),
        ("ndarray", JsonValueKind.Object) => new Sample(json.GetRawText(), "example"),
        (_, JsonValueKind.Object) when example.HasParameters => new Sample(json.GetRawText(), "example"),
        ("json_object", _) => new Sample($"{{\"inputs\":{json.GetRawText()}}}", "example"),
        _ => null,
    };

    private static JsonElement? ReadJson(string path)
    {
        if (new FileInfo(path).Length > ExampleLimit)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? OfSignature(Schema inputs)
    {
        if (inputs.IsTensors)
        {
            var tensors = inputs.Tensors.Select(tensor => (tensor.Name, Json: OfTensor(tensor, 0))).ToList();
            return tensors is [(null, var only)] ? $"{{\"inputs\":{only}}}" : $"{{\"inputs\":{{{string.Join(',', tensors.Select(tensor => $"{JsonSerializer.Serialize(tensor.Name)}:{tensor.Json}"))}}}}}";
        }

        if (inputs.Columns.Any(column => OfType(column.Type) is null))
        {
            return null;
        }

        var names = inputs.IsNamed ? $"\"columns\":[{string.Join(',', inputs.Columns.Select(column => JsonSerializer.Serialize(column.Name)))}]," : "";
        return $"{{\"dataframe_split\":{{{names}\"data\":[[{string.Join(',', inputs.Columns.Select(column => OfType(column.Type)))}]]}}}}";
    }

    private static string OfTensor(TensorSpec tensor, int dimension)
    {
        if (dimension == tensor.Shape.Count)
        {
            return tensor.DataType is "object" or "str" ? "\"a\"" : tensor.DataType == "bool" ? "true" : "1";
        }

        var length = Math.Clamp(tensor.Shape[dimension] < 0 ? 1 : tensor.Shape[dimension], 0, 4096);
        return $"[{string.Join(',', Enumerable.Repeat(OfTensor(tensor, dimension + 1), (int)length))}]";
    }

    private static string? OfType(DataType type) => type.Kind switch
    {
        DataKind.Boolean => "true",
        DataKind.Integer or DataKind.Long => "1",
        DataKind.Float or DataKind.Double => "1.5",
        DataKind.String => "\"a\"",
        DataKind.Binary => "\"YQ==\"",
        DataKind.DateTime => "\"2026-01-01T00:00:00\"",
        DataKind.Array when OfType(type.Items!) is { } item => string.Create(CultureInfo.InvariantCulture, $"[{item}]"),
        _ => null,
    };
}
