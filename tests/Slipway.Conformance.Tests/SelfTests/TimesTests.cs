using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>Two servers agree on their clocks if what was equal is equal, and what was earlier earlier.</summary>
public sealed class TimesTests
{
    private readonly Times _times = new();

    [Fact]
    public void Another_clock_that_keeps_the_order_fits()
    {
        Assert.Null(_times.Check(1000, 5));
        Assert.Null(_times.Check(1200, 7));
        Assert.Null(_times.Check(1100, 6));
        Assert.Null(_times.Check(1000, 5));
    }

    [Fact]
    public void Equal_times_must_stay_equal()
    {
        Assert.Null(_times.Check(1000, 5));
        Assert.NotNull(_times.Check(1000, 6));
    }

    [Theory]
    [InlineData(1100, 5)]
    [InlineData(1100, 4)]
    [InlineData(900, 5)]
    [InlineData(900, 6)]
    public void Another_time_must_be_on_the_same_side(long recorded, long actual)
    {
        Assert.Null(_times.Check(1000, 5));
        Assert.NotNull(_times.Check(recorded, actual));
    }

    [Fact]
    public void Milliseconds_within_one_request_may_fall_together()
    {
        Assert.Null(_times.Check(1000, 5));
        Assert.Null(_times.Check(1003, 5));
        Assert.NotNull(_times.Check(1002, 6));
    }
}
