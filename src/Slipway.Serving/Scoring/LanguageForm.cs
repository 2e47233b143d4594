using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>The body of what language models are asked: all of it is the input, but for the params of the signature.</summary>
internal static class LanguageForm
{
    public static ScoringRequest Read(JsonElement body, Signature? signature)
    {
        var names = (signature?.Parameters ?? []).Select(spec => spec.Name).ToHashSet();
        var input = ArrayForms.Properties(body);
        var parameters = input.Where(property => names.Contains(property.Key)).ToDictionary();
        names.ToList().ForEach(name => input.Remove(name));
        Check(input, signature?.Inputs);
        return new ScoringRequest(
            new JsonInput(parameters.Count == 0 ? body : JsonSerializer.SerializeToElement(input), IsBare: true),
            ParameterEnforcer.Enforce(JsonSerializer.SerializeToElement(parameters), signature?.Parameters));
    }

    private static void Check(Dictionary<string, JsonElement> input, Schema? schema)
    {
        if (schema is not { IsTensors: false, IsNamed: true })
        {
            return;
        }

        var missing = schema.Columns.Where(column => column.Required && !input.ContainsKey(column.Name!)).Select(column => column.Name!).ToList();
        if (missing.Count > 0)
        {
            throw TableEnforcer.Missing(missing, [.. input.Keys.Where(name => !schema.Columns.Any(column => column.Name == name))]);
        }

        foreach (var column in schema.Columns.Where(column => input.ContainsKey(column.Name!)))
        {
            TypeCheck.Check(input[column.Name!], column.Type, $"'{column.Name}'");
        }
    }
}
