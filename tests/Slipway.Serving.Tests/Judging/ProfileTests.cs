using System.Text.Json;
using Slipway.Serving.Judging;
using Xunit;

namespace Slipway.Serving.Tests.Judging;

/// <summary>A version compared with what it, or the one before it, did earlier.</summary>
public sealed class ProfileTests
{
    private static readonly Behaviour _good = new();
    private static readonly ServingProfile _profile = Record(_good, 5000);

    [Fact]
    public void A_version_that_stays_as_it_was_is_left_alone()
    {
        var failures = Trials.Failures(60, 20_000, seed => new Traffic(seed, 1, _good, _good), () => Judge.Against(Record(_good, 5000), new JudgeSettings()));

        Assert.True(failures.Count <= 1, string.Join('\n', failures.Select(look => look.Reason)));
    }

    [Theory]
    [InlineData("errors 1 % to 6 %", Signal.Errors)]
    [InlineData("three times as slow", Signal.Latency)]
    [InlineData("5 % ten times as slow", Signal.Latency)]
    [InlineData("predictions", Signal.Predictions)]
    [InlineData("schema", Signal.Schema)]
    public void A_version_that_degrades_is_found(string what, object signal)
    {
        var found = Trials.Failures(100, 1000, seed => new Traffic(seed, 1, _good, JudgeSimulationTests.Bad(what)), () => Judge.Against(_profile, new JudgeSettings()));

        Assert.True(found.Count >= 95, $"{found.Count} of 100");
        Assert.True(found.Count(look => look.Signal == (Signal)signal) > 85);
    }

    [Fact]
    public void A_profile_can_be_kept_and_read()
    {
        var read = JsonSerializer.Deserialize<ServingProfile>(JsonSerializer.Serialize(_profile))!;

        Assert.Equal(_profile.Samples, read.Samples);
        Assert.Equal(_profile.Latencies, read.Latencies);
        Assert.Equal(_profile.Predictions, read.Predictions);
        Assert.Equal(5000, read.Latencies.Values.Sum());
    }

    [Fact]
    public void Bounds_of_a_level_hold_what_they_promise()
    {
        Assert.Equal(1, LevelTest.HighestLevel(0, 0, 0.01));
        Assert.InRange(LevelTest.HighestLevel(0, 1000, 0.01), 0.0045, 0.0047);
        Assert.InRange(LevelTest.HighestLevel(10, 1000, 0.01), 0.018, 0.025);
    }

    private static ServingProfile Record(Behaviour behaviour, int requests)
    {
        var traffic = new Traffic(99, 1, behaviour, behaviour);
        var recorder = new ProfileRecorder();
        for (var i = 0; i < requests; i++)
        {
            recorder.Add(traffic.Next());
        }

        return recorder.ToProfile();
    }
}
