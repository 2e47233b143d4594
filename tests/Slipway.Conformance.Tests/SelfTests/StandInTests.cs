using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>The long bodies that were rebuilt are those that were sent.</summary>
public sealed class StandInTests
{
    [Theory]
    [InlineData("2.17.3-runs", 71, "2e855a0c9c91686539cdfd97a11389082f22dd1c1e00887a7a68557e48eba2d8")]
    [InlineData("3.11.2-runs", 70, "33e14d102efaa6781907d9e8776af9c5eb526f46e68f7c2ab652b48b2f9447ea")]
    [InlineData("2.17.3-raw", 127, "1865766a451b1c9048ab6396347e936f96e5747285493863e5fcefd800f94b43")]
    [InlineData("3.11.2-raw", 127, "1ac9f3339a0a1a30b42203ff5a15e9cd29cfcb7e9f0edb5de28d4f7a03f3714d")]
    public void A_batch_of_metrics_has_the_recorded_hash(string recording, int seq, string sha256)
    {
        var body = Library.Get(recording)[seq].Request!;

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AsPythonWritesIt(body, seq < 100)))));
    }

    [Fact]
    public void Equal_hashes_give_equal_bytes_of_the_recorded_size()
    {
        var (one, same, other) = (new Payload.Digest(100, "a"), new Payload.Digest(100, "a"), new Payload.Digest(100, "b"));

        Assert.Equal(100, StandIn.Bytes(one).Length);
        Assert.Equal(StandIn.Bytes(one), StandIn.Bytes(same));
        Assert.NotEqual(StandIn.Bytes(one), StandIn.Bytes(other));
    }

    private static string AsPythonWritesIt(JsonNode node, bool floats, string name = "") => node switch
    {
        JsonObject members => $"{{{string.Join(", ", members.Select(member => $"\"{member.Key}\": {AsPythonWritesIt(member.Value!, floats, member.Key)}"))}}}",
        JsonArray items => $"[{string.Join(", ", items.Select(item => AsPythonWritesIt(item!, floats)))}]",
        JsonValue value when floats && name == "value" => $"{value.ToJsonString()}.0",
        _ => node.ToJsonString(),
    };
}
