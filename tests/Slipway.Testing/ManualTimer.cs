namespace Slipway.Testing;

/// <summary>A timer of <see cref="ManualTime"/>, which guards its moments.</summary>
internal sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
{
    public DateTimeOffset Due { get; set; }

    /// <summary>Null when it goes off once.</summary>
    public TimeSpan? Period { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Period = period > TimeSpan.Zero ? period : null;
        time.Arm(this, dueTime >= TimeSpan.Zero ? dueTime : null);
        return true;
    }

    public void Fire() => callback(state);

    public void Dispose() => time.Arm(this, null);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
