using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>The list of deviations holds no stale line.</summary>
public sealed class DeviationsTests
{
    private static readonly IReadOnlyList<Exchange> s_exchanges = [.. Recording.Names.SelectMany(name => Library.Get(name).Exchanges)];

    [Fact]
    public void Every_line_applies_somewhere_and_changes_what_is_expected_there()
    {
        var stale = Deviations.All
            .Where(deviation => !s_exchanges.Any(exchange => deviation.Applies(exchange) && Matters(deviation, exchange)))
            .Select(deviation => $"{deviation.Rule}: {deviation.Reason}");

        Assert.Equal([], stale);
    }

    [Fact]
    public void Every_line_names_its_rule()
    {
        Assert.All(Deviations.All, deviation => Assert.Matches("[A-Z]-[0-9]+|README §[0-9]|(tracking|registry|search|artifacts) §[0-9]|2.17/3.11", deviation.Rule));
    }

    [Fact]
    public void No_server_error_is_expected_but_that_multipart_uploads_are_not_there()
    {
        var expected = s_exchanges.Select(exchange => Expectation.Of(exchange, Deviations.All))
            .Where(expectation => expectation.Answer.Status is 0 or >= 500 && expectation.Answer.ErrorCode != "NOT_IMPLEMENTED");

        Assert.Equal([], expected.Select(expectation => $"{expectation.Exchange.Recording} {expectation.Exchange.Seq}"));
    }

    private static bool Matters(Deviation deviation, Exchange exchange) =>
        deviation.IsLeftOut || deviation.Additions.Count > 0 || deviation.Ignored.Count > 0
        || !Alike(exchange.Answer, deviation.Rewrite(exchange, exchange.Answer));

    private static bool Alike(RecordedAnswer one, RecordedAnswer other) =>
        one.Status == other.Status && one.MediaType == other.MediaType && one.Body.GetType() == other.Body.GetType() && JsonNode.DeepEquals(one.Json, other.Json);
}
