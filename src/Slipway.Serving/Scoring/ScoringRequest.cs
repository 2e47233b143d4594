using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>One request to a model.</summary>
/// <param name="Input">What is asked.</param>
/// <param name="Parameters">By the names of the signature, with its defaults filled in; empty when it has none.</param>
internal sealed record ScoringRequest(ScoringInput Input, IReadOnlyDictionary<string, JsonElement> Parameters)
{
    public static readonly IReadOnlyDictionary<string, JsonElement> NoParameters = new Dictionary<string, JsonElement>();
}
