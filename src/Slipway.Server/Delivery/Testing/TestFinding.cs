using System.Text.Json;
using Slipway.Server.Governance;

namespace Slipway.Server.Delivery.Testing;

/// <summary>What a test came to.</summary>
/// <param name="Outcome">One of <see cref="TestOutcome"/>.</param>
/// <param name="Measured">Names with numbers or texts.</param>
internal sealed record TestFinding(string Outcome, IReadOnlyDictionary<string, JsonElement> Measured)
{
    private const int TextLimit = 900;

    public static TestFinding Of(bool isPassed, params (string Name, object Value)[] measured) =>
        new(isPassed ? TestOutcome.Passed : TestOutcome.Failed, Write(measured));

    /// <summary>It failed, and this is why and what to do.</summary>
    public static TestFinding Failed(string why) => new(TestOutcome.Failed, Write([("reason", why)]));

    /// <summary>It could not be run to its end.</summary>
    public static TestFinding Error(string why) => new(TestOutcome.Error, Write([("reason", why)]));

    private static Dictionary<string, JsonElement> Write((string Name, object Value)[] measured) => measured
        .Where(entry => entry.Value is not double number || double.IsFinite(number))
        .ToDictionary(entry => entry.Name, entry => entry.Value is double number
            ? JsonSerializer.SerializeToElement(Math.Round(number, 6))
            : JsonSerializer.SerializeToElement(entry.Value is string { Length: > TextLimit } text ? text[..TextLimit] : entry.Value.ToString()));
}
