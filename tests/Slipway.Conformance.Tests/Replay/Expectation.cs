using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>
/// The answer that our server owes to an exchange: the recorded one in our names, changed by the deviations that apply.
/// Paths are written <c>$.runs[].info.run_id</c>.
/// </summary>
internal sealed record Expectation(Exchange Exchange, RecordedAnswer Answer, IReadOnlyList<Deviation> Deviations)
{
    public static Expectation Of(Exchange exchange, IReadOnlyList<Deviation> deviations)
    {
        var applied = deviations.Where(deviation => deviation.Applies(exchange)).ToList();
        var answer = applied.Aggregate(exchange.Answer, (answer, deviation) => deviation.Rewrite(exchange, answer));
        return new Expectation(exchange, answer, applied);
    }

    /// <summary>Whether a value may be anything, or be absent.</summary>
    public bool Ignores(string path) => Deviations.Any(deviation => deviation.Ignored.Contains(path));

    /// <summary>Whether a value may stand where none was recorded.</summary>
    public bool MayHave(string path, JsonNode? value) =>
        Ignores(path) || Deviations.Any(deviation => deviation.Additions.Any(addition => addition.Path == path && addition.Allows(value)));
}
