namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>When to look: after a few more answers, after more of them the more there were, and once a second in any case.</summary>
internal sealed class LookPace(TimeProvider time)
{
    private const int Few = 10;

    private static readonly TimeSpan _atLeast = TimeSpan.FromSeconds(1);

    private long _samples;
    private long _at = time.GetTimestamp();

    /// <summary>Whether it is time; and if so, whether there is anything new to keep on record.</summary>
    public bool IsTime(long samples, out bool isNew)
    {
        isNew = samples >= _samples + Math.Max(Few, _samples / 50);
        if (!isNew && time.GetElapsedTime(_at) < _atLeast)
        {
            return false;
        }

        _at = time.GetTimestamp();
        _samples = isNew ? samples : _samples;
        return true;
    }
}
