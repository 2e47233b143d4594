using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>The replayer finds nothing in a faithful playback by a server with other ids, times, names and tokens.</summary>
public sealed class PlaybackTests
{
    private static readonly Deviation[] s_noDeviation = [Deviation.When("", "", PlaybackServer.IsRefusedByTheHost).LeftOut()];

    public static TheoryData<string> Recordings => [.. Recording.Names];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_faithful_playback_has_no_mismatch(string name)
    {
        var recorded = Recording.Load(name);
        await using var server = await PlaybackServer.StartAsync(Recording.Parse(name, Disguise.Lines(Recording.Lines(name))));
        using var replayer = new Replayer(server.Address, () => { }, s_noDeviation);

        var mismatches = await replayer.PlayAsync(recorded);

        Assert.Equal([], server.Surprises);
        Assert.Equal("", Report.Of(mismatches));
    }
}
