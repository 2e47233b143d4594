using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>The least and the greatest value of a type: numbers and times by their size, texts by their code points.</summary>
internal sealed class Extremes(ColumnType type)
{
    // A long text is compared by as much of it as is kept.
    private const int KeptBytes = TopValues.ShownBytes;

    private byte[]? _least;
    private byte[]? _greatest;

    public string? Least => _least is null ? null : CanonicalText.Show(_least, type);

    public string? Greatest => _greatest is null ? null : CanonicalText.Show(_greatest, type);

    public void Add(ReadOnlySpan<byte> canonical)
    {
        // Neither NaN nor an infinity is a bound, and nested values have no order.
        if (type == ColumnType.Json || (type == ColumnType.Float && !double.IsFinite(CanonicalText.Number(canonical))))
        {
            return;
        }

        var value = canonical[..Math.Min(canonical.Length, KeptBytes)];
        if (_least is null || Compare(value, _least) < 0)
        {
            _least = value.ToArray();
        }

        if (_greatest is null || Compare(value, _greatest) > 0)
        {
            _greatest = value.ToArray();
        }
    }

    private int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => type switch
    {
        ColumnType.Integer => NumberText.CompareIntegers(left, right),
        ColumnType.Float => CanonicalText.Number(left).CompareTo(CanonicalText.Number(right)),

        // Without its Z, the text of an instant with a fraction sorts behind that of the full second.
        ColumnType.Timestamp => left[..^1].SequenceCompareTo(right[..^1]),
        _ => left.SequenceCompareTo(right),
    };
}
