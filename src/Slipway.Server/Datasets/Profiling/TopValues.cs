using System.Runtime.InteropServices;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>
/// The most frequent values, by the space-saving method (Metwally, Agrawal, El Abbadi, 2005) with 64 counters: a new value
/// takes over the smallest counter and its count. A count is never too small, and too large by at most its error; up to 64
/// different values it is exact.
/// </summary>
internal sealed class TopValues
{
    public const int Counters = 64;

    /// <summary>How much of a value is kept to show it.</summary>
    public const int ShownBytes = 128;

    private readonly List<Counter> _counters = [];
    private readonly Dictionary<ulong, int> _byFingerprint = [];

    // All counters before the hand are above the smallest count, so the smallest is found in few steps.
    private long _smallest = 1;
    private int _hand;

    [StructLayout(LayoutKind.Auto)]
    private record struct Counter(ulong Fingerprint, long Count, long Error, byte[] Value);

    public void Add(ReadOnlySpan<byte> canonical, ulong fingerprint)
    {
        if (_byFingerprint.TryGetValue(fingerprint, out var known))
        {
            CollectionsMarshal.AsSpan(_counters)[known].Count++;
            return;
        }

        var value = canonical[..Math.Min(canonical.Length, ShownBytes)];
        if (_counters.Count < Counters)
        {
            _byFingerprint.Add(fingerprint, _counters.Count);
            _counters.Add(new Counter(fingerprint, 1, 0, value.ToArray()));
            return;
        }

        Replace(ref CollectionsMarshal.AsSpan(_counters)[FindSmallest()], fingerprint, value);
    }

    /// <summary>Those whose count is for the greater part no mistake; the most frequent first.</summary>
    public IReadOnlyList<TopValue> List(ColumnType type, int limit) =>
        [.. _counters
            .Where(counter => counter.Count > 2 * counter.Error)
            .OrderByDescending(counter => counter.Count)
            .ThenBy(counter => counter.Error)
            .Select(counter => new TopValue(CanonicalText.Show(counter.Value, type), counter.Count, counter.Error))
            .Take(limit)];

    private void Replace(ref Counter counter, ulong fingerprint, ReadOnlySpan<byte> value)
    {
        _byFingerprint.Remove(counter.Fingerprint);
        _byFingerprint.Add(fingerprint, _hand);

        // The array of the value that goes is taken over where it fits: most values of a column are of one length.
        var kept = counter.Value.Length == value.Length ? counter.Value : new byte[value.Length];
        value.CopyTo(kept);
        counter = new Counter(fingerprint, counter.Count + 1, counter.Count, kept);
    }

    private int FindSmallest()
    {
        var counters = CollectionsMarshal.AsSpan(_counters);
        while (true)
        {
            for (; _hand < counters.Length; _hand++)
            {
                if (counters[_hand].Count == _smallest)
                {
                    return _hand;
                }
            }

            _hand = 0;
            _smallest = long.MaxValue;
            foreach (ref var counter in counters)
            {
                _smallest = Math.Min(_smallest, counter.Count);
            }
        }
    }
}

/// <summary>A frequent value.</summary>
/// <param name="Value">As text, cut where it is long.</param>
/// <param name="Count">At least as often as it appears.</param>
/// <param name="Error">By how much the count may be too large.</param>
internal sealed record TopValue(string Value, long Count, long Error);
