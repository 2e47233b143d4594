using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>Checks params against a signature, and fills in what was not sent.</summary>
internal static class ParameterEnforcer
{
    /// <param name="sent">The value of <c>params</c>; undefined when there was none.</param>
    /// <param name="specs">Null when the model takes none: then what was sent is passed over.</param>
    /// <exception cref="ScoringFault">A param does not fit.</exception>
    public static IReadOnlyDictionary<string, JsonElement> Enforce(JsonElement sent, IReadOnlyList<ParameterSpec>? specs)
    {
        if (specs is null || specs.Count == 0)
        {
            return ScoringRequest.NoParameters;
        }

        if (sent.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            throw ScoringFault.Mismatch("Parameters must be an object of params by name.");
        }

        return specs.ToDictionary(spec => spec.Name, spec => sent.ValueKind == JsonValueKind.Object && sent.TryGetProperty(spec.Name, out var value) ? Checked(value, spec) : spec.Default);
    }

    private static JsonElement Checked(JsonElement value, ParameterSpec spec)
    {
        var fits = value.ValueKind == JsonValueKind.Null
            || (spec.IsList ? value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => TypeCheck.Fits(item, spec.Type)) : TypeCheck.Fits(value, spec.Type));
        return fits ? value : throw ScoringFault.Mismatch($"Param '{spec.Name}' has to be {(spec.IsList ? "a list of " : "")}{spec.Type}; it is {value.GetRawText()}.");
    }
}
