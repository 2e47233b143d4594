using System.Buffers;
using Slipway.Server.Datasets.Reading;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>Profiles a column in one pass, though its type is known only at the end.</summary>
/// <remarks>
/// 1. Each type that every cell so far fits is a candidate with a tally of its own.
/// 2. A cell that does not fit ends a candidate for good, and its tally with it.
/// 3. At the end the first candidate, in the order of the types, is the type of the column.
/// The first value leaves four candidates at most, so memory is bounded; what is common to all of them is kept once.
/// </remarks>
internal sealed class ColumnProfiler(string name, long nullsBefore) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private readonly Moments _moments = new();
    private readonly QuantileSketch _sketch = new();
    private List<Candidate> _candidates = [];
    private ColumnTypes _types = ColumnTypes.All;
    private long _count;
    private long _nulls = nullsBefore;
    private long _notFinite;

    public string Name => name;

    public void Add(Cell cell)
    {
        if (cell.IsNull)
        {
            _nulls++;
            _candidates.ForEach(candidate => candidate.AddNulls(1));
            return;
        }

        var typed = TypedCell.Read(cell, _types);
        Narrow(typed.Fits);
        _count++;
        foreach (var candidate in _candidates)
        {
            candidate.Add(typed, _scratch);
        }

        if ((_types & (ColumnTypes.Numbers | ColumnTypes.Times)) != ColumnTypes.None)
        {
            AddNumber((_types & ColumnTypes.Numbers) != ColumnTypes.None ? typed.Number : typed.Instant.UnixSeconds);
        }
    }

    public ColumnProfile Finish()
    {
        if (_count == 0)
        {
            using var empty = new CellHash();
            empty.AddNulls(_nulls);
            return new ColumnProfile(name, ColumnType.Empty, empty.Finish()) { Nulls = _nulls };
        }

        var profile = _candidates[0].Finish(name, _count, _nulls);
        return profile.Type.IsNumber() || profile.Type.IsTime()
            ? profile with { Numbers = profile.Type.IsNumber() ? Statistics() : null, Sketch = _sketch }
            : profile;
    }

    public void Dispose() => _candidates.ForEach(candidate => candidate.Dispose());

    private void Narrow(ColumnTypes fits)
    {
        if (fits == _types)
        {
            return;
        }

        if (_count == 0)
        {
            _candidates = [.. Enum.GetValues<ColumnType>().Where(type => fits.Holds(type)).Select(Begin)];
        }
        else
        {
            _candidates.Where(candidate => !fits.Holds(candidate.Type)).ToList().ForEach(candidate => candidate.Dispose());
            _candidates.RemoveAll(candidate => !fits.Holds(candidate.Type));
        }

        _types = fits;
    }

    private Candidate Begin(ColumnType type)
    {
        var candidate = new Candidate(type);
        candidate.AddNulls(_nulls);
        return candidate;
    }

    private void AddNumber(double number)
    {
        if (!double.IsFinite(number))
        {
            _notFinite++;
            return;
        }

        _moments.Add(number);
        _sketch.Add(number);
    }

    private NumberStatistics? Statistics() => _moments.Count == 0
        ? new NumberStatistics(_notFinite, 0, 0, [])
        : new NumberStatistics(_notFinite, _moments.Mean, _moments.StandardDeviation, [.. NumberStatistics.Shares.Select(_sketch.Quantile)]);
}
