namespace Slipway.Store.Tests;

/// <summary>A clock that can be set back, as clocks of machines can.</summary>
internal sealed class CrookedClock : TimeProvider
{
    private DateTimeOffset _now = Start;

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public void Set(TimeSpan sinceStart) => _now = Start + sinceStart;

    public override DateTimeOffset GetUtcNow() => _now;
}
