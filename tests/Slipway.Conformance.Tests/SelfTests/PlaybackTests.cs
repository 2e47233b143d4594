using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>
/// The replayer finds nothing in a faithful playback by a server with other ids, times, names and tokens, and finds what was
/// tampered with in another.
/// </summary>
public sealed class PlaybackTests
{
    private static readonly Deviation[] s_noDeviation = [Deviation.When("", "", PlaybackServer.IsRefusedByTheHost).LeftOut()];

    public static TheoryData<string> Recordings => [.. Recording.Names];

    /// <summary>The long programs deviate nowhere else than the scenarios do.</summary>
    public static TheoryData<string> Scenarios => [.. Recording.Names.Where(name => !name.Contains("seed", StringComparison.Ordinal))];

    public static TheoryData<string> Tamperings => [.. Tampering.All.Select(tampering => tampering.Name)];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_faithful_playback_has_no_mismatch(string name)
    {
        var (surprises, mismatches) = await PlayAsync(Library.Get(name), playback => playback);

        Assert.Empty(surprises);
        Assert.True(mismatches.Count == 0, Report.Of(mismatches));
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_server_that_deviates_as_listed_has_no_mismatch(string name)
    {
        var deviations = Deviations.All.Select(deviation => deviation with { Undo = null }).ToList();
        var recording = Library.Get(name);
        await using var server = await PlaybackServer.StartAsync(Deviating(recording, deviations));
        using var replayer = new Replayer(server.Address, () => { }, deviations);

        var mismatches = await replayer.PlayAsync(recording);

        Assert.True(mismatches.Count == 0, Report.Of(mismatches));
    }

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task A_change_is_found_where_it_matters_and_only_there(string name)
    {
        var tampering = Tampering.All.Single(tampering => tampering.Name == name);

        var recording = Library.Get(tampering.RecordingName);

        var (_, mismatches) = await PlayAsync(recording with { Exchanges = [.. recording.Exchanges.Take(tampering.Seq)] }, tampering.Apply);

        Assert.Equal(tampering.IsFound ? [tampering.Seq] : [], mismatches.Select(mismatch => mismatch.Exchange.Seq));
    }

    private static Recording Deviating(Recording recording, IReadOnlyList<Deviation> deviations) => recording with
    {
        Exchanges = [.. recording.Exchanges
            .Select(exchange => Expectation.Of(exchange, deviations))
            .Where(expectation => !expectation.Deviations.Any(deviation => deviation.IsLeftOut))
            .Select(expectation => expectation.Exchange with { Answer = OneOfItsTypes(expectation.Answer) })],
    };

    private static RecordedAnswer OneOfItsTypes(RecordedAnswer answer) => answer with
    {
        Headers = answer.Headers.ToDictionary(header => header.Key, header => header.Value.Split('|')[0], StringComparer.OrdinalIgnoreCase),
    };

    private static async Task<(IReadOnlyList<string> Surprises, IReadOnlyList<Mismatch> Mismatches)> PlayAsync(
        Recording recording, Func<Recording, Recording> change)
    {
        var playback = Recording.Parse(recording.Name, Disguise.Lines(Recording.Lines(recording.Name)));
        await using var server = await PlaybackServer.StartAsync(change(playback));
        using var replayer = new Replayer(server.Address, () => { }, s_noDeviation);
        var mismatches = await replayer.PlayAsync(recording);
        return (server.Surprises, mismatches);
    }
}
