using System.Buffers;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>What is known of a column under the assumption that it is of one type. It ends with the first cell that is not.</summary>
internal sealed class Candidate(ColumnType type) : IDisposable
{
    private readonly CellHash _hash = new();
    private readonly DistinctSketch _distinct = new();
    private readonly TopValues _top = new();
    private readonly Extremes _extremes = new(type);

    public ColumnType Type => type;

    public void AddNulls(long count) => _hash.AddNulls(count);

    public void Add(TypedCell cell, ArrayBufferWriter<byte> scratch)
    {
        var canonical = cell.Canonical(type, scratch);
        var fingerprint = Fingerprint.Of(canonical);
        _hash.Add(canonical);
        _distinct.Add(fingerprint);
        _top.Add(canonical, fingerprint);
        _extremes.Add(canonical);
    }

    public ColumnProfile Finish(string name, long count, long nulls)
    {
        var digest = _hash.Finish();
        return new ColumnProfile(name, type, digest)
        {
            Count = count,
            Nulls = nulls,

            // An estimate may say more than there can be.
            Distinct = Math.Min(_distinct.Estimate(), count),
            Least = _extremes.Least,
            Greatest = _extremes.Greatest,
            Top = _top.List(type, TopValues.Counters),
        };
    }

    public void Dispose() => _hash.Dispose();
}
