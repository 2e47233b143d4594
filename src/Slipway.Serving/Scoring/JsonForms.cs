using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>The forms of a JSON body: a data frame in two ways, arrays in two ways, and what language models are asked.</summary>
internal static class JsonForms
{
    private static readonly string[] Keys = ["dataframe_split", "dataframe_records", "instances", "inputs"];
    private static readonly string[] LanguageKeys = ["messages", "prompt", "input"];

    /// <exception cref="ScoringFault">It is in none of the forms, or does not fit the signature.</exception>
    public static ScoringRequest Read(JsonElement body, Signature? signature, bool isUntyped)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw ScoringFault.BadInput($"The body has to be a JSON object with one of the keys {string.Join(", ", Keys)}. MLflow 1's bare lists of records are not served.");
        }

        if (Array.Exists(LanguageKeys, key => body.TryGetProperty(key, out _)))
        {
            return LanguageForm.Read(body, signature);
        }

        var (key, value) = Find(body);
        if (isUntyped)
        {
            return key == "inputs"
                ? new ScoringRequest(new JsonInput(value, IsBare: false), Parameters(body, signature))
                : throw ScoringFault.Mismatch("The signature of this model comes from a type hint: it takes the key 'inputs' only.");
        }

        return new ScoringRequest(Read(key, value, signature?.Inputs), Parameters(body, signature));
    }

    private static ScoringInput Read(string key, JsonElement value, Schema? schema) => key switch
    {
        "dataframe_split" => TableEnforcer.Enforce(TableForms.ReadSplit(value), schema),
        "dataframe_records" => TableEnforcer.Enforce(TableForms.ReadRecords(value, "dataframe_records"), schema),
        "instances" => ArrayForms.ReadInstances(value, schema),
        _ => ArrayForms.ReadInputs(value, schema),
    };

    private static (string Key, JsonElement Value) Find(JsonElement body)
    {
        (string Key, JsonElement Value)? found = null;
        foreach (var key in Keys)
        {
            if (body.TryGetProperty(key, out var value))
            {
                found = found is null ? (key, value) : throw Wrong();
            }
        }

        return found ?? throw Wrong();
    }

    private static IReadOnlyDictionary<string, JsonElement> Parameters(JsonElement body, Signature? signature) =>
        ParameterEnforcer.Enforce(body.TryGetProperty("params", out var sent) ? sent : default, signature?.Parameters);

    private static ScoringFault Wrong() => ScoringFault.BadInput($"The body must contain exactly one of the keys {string.Join(", ", Keys)}.");
}
