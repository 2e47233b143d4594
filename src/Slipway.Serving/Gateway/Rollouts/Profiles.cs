using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>What a stable deployment did when it was new, and what it did of late.</summary>
internal sealed class Profiles
{
    /// <summary>So many answers make a profile of what it did when it was new.</summary>
    private const int Enough = 2000;

    /// <summary>After so many a new profile of late begins.</summary>
    private const int Many = 5000;

    /// <summary>Fewer are not worth comparing with.</summary>
    private const int Few = 200;

    private ProfileRecorder _now = new();
    private ServingProfile? _before;

    /// <summary>Of its first answers; null until there were enough.</summary>
    public ServingProfile? Own { get; private set; }

    /// <summary>Of its latest answers; null when there were too few.</summary>
    public ServingProfile? Late => _before ?? (_now.Samples >= Few ? _now.ToProfile() : null);

    public void Add(in Outcome outcome)
    {
        _now.Add(outcome);
        if (Own is null && _now.Samples >= Enough)
        {
            Own = _now.ToProfile();
        }

        if (_now.Samples >= Many)
        {
            _before = _now.ToProfile();
            _now = new ProfileRecorder();
        }
    }

    public void Add(in Feedback feedback) => _now.Add(feedback);
}
