using Slipway.Conformance.Tests.Replay;
using Slipway.Testing;

namespace Slipway.Conformance.Tests;

/// <summary>What MLflow's clients were answered by MLflow's servers, our server answers them, but for the deviations on the list.</summary>
public abstract class ConformanceContract(Func<Task<Fresh>> freshDatabase)
{
    public static TheoryData<string> Recordings => [.. Recording.Names];

    [PromiseTheory]
    [MemberData(nameof(Recordings))]
    public async Task Every_answer_is_the_recorded_one(string name)
    {
        // Each request has its own millisecond, so that times of the server can be compared by their order.
        var time = new ManualTime();
        await using var fresh = await freshDatabase();
        await using var server = await TestServer.StartAsync(fresh, time);
        using var replayer = new Replayer(server.Address, () => time.Advance(TimeSpan.FromMilliseconds(1)), Deviations.All);

        var mismatches = await replayer.PlayAsync(Library.Get(name));

        Assert.True(mismatches.Count == 0, Report.Of(mismatches));
    }
}
