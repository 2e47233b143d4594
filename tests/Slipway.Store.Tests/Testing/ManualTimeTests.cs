using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Testing;

public sealed class ManualTimeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void It_stands_still_until_it_is_advanced()
    {
        var stamp = _time.GetTimestamp();
        Assert.Equal(ManualTime.Start, _time.GetUtcNow());

        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(ManualTime.Start.AddMinutes(3), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(3), _time.GetElapsedTime(stamp));
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Timers_go_off_in_order_and_see_the_moment_they_were_due_at()
    {
        var seen = new List<string>();
        void Note(object? name) => seen.Add($"{name}@{(_time.GetUtcNow() - ManualTime.Start).TotalSeconds:0}");
        using var late = _time.CreateTimer(Note, "late", TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var often = _time.CreateTimer(Note, "often", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        using var never = _time.CreateTimer(Note, "never", Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(1));
        using var gone = _time.CreateTimer(Note, "gone", TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        gone.Dispose();

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(seen);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["often@2", "often@4", "late@5", "often@6"], seen);
        Assert.Equal(1, _time.WaitingTimers);
    }

    [Fact]
    public void A_timer_may_set_itself_again_within_one_advance()
    {
        var fired = 0;
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                fired++;
                timer!.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
            },
            null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(3, fired);
        timer.Dispose();
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _time);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
