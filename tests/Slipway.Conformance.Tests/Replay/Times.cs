namespace Slipway.Conformance.Tests.Replay;

/// <summary>
/// Times that a server took from its own clock. Two servers agree on them if equal times are equal in both and earlier ones earlier.
/// </summary>
internal sealed class Times
{
    /// <summary>A recorded server looked at its clock more than once a request; ours moves its clock only between requests.</summary>
    private const long WithinARequest = 4;

    private readonly SortedList<long, long> _pairs = [];

    /// <summary>Null if the pair fits all pairs seen so far, else what it contradicts.</summary>
    public string? Check(long recorded, long actual)
    {
        if (_pairs.TryGetValue(recorded, out var known))
        {
            return known == actual ? null : $"is {actual}, but the same recorded time was {known} before";
        }

        _pairs.Add(recorded, actual);
        var at = _pairs.IndexOfKey(recorded);

        if (at > 0 && Contradicts(at - 1, at))
        {
            return $"is {actual}, not later than {_pairs.GetValueAtIndex(at - 1)}, which was recorded {recorded - _pairs.GetKeyAtIndex(at - 1)} ms before it";
        }

        if (at + 1 < _pairs.Count && Contradicts(at, at + 1))
        {
            return $"is {actual}, not earlier than {_pairs.GetValueAtIndex(at + 1)}, which was recorded {_pairs.GetKeyAtIndex(at + 1) - recorded} ms after it";
        }

        return null;
    }

    private bool Contradicts(int earlier, int later)
    {
        var (first, second) = (_pairs.GetValueAtIndex(earlier), _pairs.GetValueAtIndex(later));
        return first > second || (first == second && _pairs.GetKeyAtIndex(later) - _pairs.GetKeyAtIndex(earlier) > WithinARequest);
    }
}
