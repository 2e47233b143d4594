using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>
/// Knows about how many of the numbers seen are below another: a KLL sketch (Karnin, Lang, Liberty, "Optimal quantile
/// approximation in streams", 2016) with k = 512. A rank is off by less than 0.6 % of the count in 99 of 100 cases; up to
/// 512 numbers it is exact.
/// </summary>
/// <remarks>
/// 1. Numbers enter level 0; one at level h stands for 2^h of them.
/// 2. A level that is full is sorted, and every second of its numbers goes up; a coin says whether the odd or the even ones.
/// 3. Levels hold the less the lower they are, by a factor of two thirds, so that memory stays below 3 k numbers and a few.
/// The coin is a fixed sequence: the same numbers in the same order give the same sketch.
/// </remarks>
internal sealed class QuantileSketch
{
    private const int K = 512;
    private const double Shrink = 2.0 / 3;

    // More than any count needs: level 63 stands for 2^63 numbers.
    private const int LevelLimit = 64;

    private readonly List<List<double>> _levels = [[]];
    private int _held;
    private int _limit;
    private ulong _coin = 0x9E37_79B9_7F4A_7C15;
    private (double Value, long Below)[]? _sorted;

    public QuantileSketch() => _limit = Limit();

    /// <summary>How many numbers were added.</summary>
    public long Count { get; private set; }

    public void Add(double value)
    {
        _levels[0].Add(value);
        Count++;
        _held++;
        _sorted = null;
        if (_held >= _limit)
        {
            Compact();
        }
    }

    /// <summary>Takes in another sketch, as if its numbers had been added here.</summary>
    public void Merge(QuantileSketch other)
    {
        while (_levels.Count < other._levels.Count)
        {
            Grow();
        }

        for (var level = 0; level < other._levels.Count; level++)
        {
            _levels[level].AddRange(other._levels[level]);
        }

        Count += other.Count;
        _held += other._held;
        _sorted = null;
        while (_held >= _limit)
        {
            Compact();
        }
    }

    /// <summary>A number that about this share of all are less than or equal to.</summary>
    public double Quantile(double share)
    {
        var sorted = Sorted();
        var wanted = share * Count;
        var at = Array.FindIndex(sorted, item => item.Below >= wanted);
        return sorted[at < 0 ? ^1 : at].Value;
    }

    /// <summary>About which share of the numbers is less than or equal to this one.</summary>
    public double Rank(double value)
    {
        var sorted = Sorted();
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle].Value <= value ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : sorted[low - 1].Below / (double)Count;
    }

    /// <summary>The sketch as bytes, to keep: about 12 KiB at most.</summary>
    public byte[] Save()
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write(bytes, _coin);
        Write(bytes, (ulong)Count);
        Write(bytes, (ulong)_levels.Count);
        foreach (var level in _levels)
        {
            Write(bytes, (ulong)level.Count);
            level.ForEach(value => Write(bytes, BitConverter.DoubleToUInt64Bits(value)));
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not those of a sketch.</exception>
    public static QuantileSketch Load(ReadOnlySpan<byte> bytes)
    {
        var sketch = new QuantileSketch { _coin = Read(ref bytes), Count = (long)Read(ref bytes) };
        var levels = Read(ref bytes);
        for (var level = 0; level < (int)Math.Min(levels, LevelLimit); level++)
        {
            if (level > 0)
            {
                sketch.Grow();
            }

            for (var left = Read(ref bytes); left > 0; left--)
            {
                sketch._levels[level].Add(BitConverter.UInt64BitsToDouble(Read(ref bytes)));
                sketch._held++;
            }
        }

        var weight = sketch._levels.Select((values, level) => (UInt128)values.Count << level).Aggregate(UInt128.Zero, (sum, held) => sum + held);
        return bytes.IsEmpty && levels is > 0 and <= LevelLimit && weight == (UInt128)sketch.Count && sketch._coin != 0
            ? sketch
            : throw new InvalidDataException("These bytes are not those of a sketch of quantiles.");
    }

    // Each held number with how many numbers are less than or equal to it, itself and what it stands for included.
    private (double Value, long Below)[] Sorted()
    {
        if (_sorted is not null)
        {
            return _sorted;
        }

        var items = new List<(double Value, long Below)>(_held);
        for (var level = 0; level < _levels.Count; level++)
        {
            foreach (var value in _levels[level])
            {
                items.Add((value, 1L << level));
            }
        }

        items.Sort((left, right) => left.Value.CompareTo(right.Value));
        var below = 0L;
        foreach (ref var item in CollectionsMarshal.AsSpan(items))
        {
            below += item.Below;
            item.Below = below;
        }

        return _sorted = [.. items];
    }

    private static void Write(ArrayBufferWriter<byte> bytes, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.GetSpan(sizeof(ulong)), value);
        bytes.Advance(sizeof(ulong));
    }

    private static ulong Read(ref ReadOnlySpan<byte> bytes)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(bytes, out var value))
        {
            throw new InvalidDataException("A sketch of quantiles is cut off.");
        }

        bytes = bytes[sizeof(ulong)..];
        return value;
    }

    private void Compact()
    {
        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].Count < Capacity(level))
            {
                continue;
            }

            if (level == _levels.Count - 1)
            {
                Grow();
            }

            Promote(_levels[level], _levels[level + 1]);
            if (_held < _limit)
            {
                return;
            }
        }
    }

    private void Promote(List<double> from, List<double> to)
    {
        from.Sort();

        // Of an odd number, one stays behind, so that no weight is lost.
        var pairs = from.Count / 2;
        var offset = Flip();
        for (var pair = 0; pair < pairs; pair++)
        {
            to.Add(from[(2 * pair) + offset]);
        }

        _held -= pairs;
        from.RemoveRange(0, 2 * pairs);
    }

    private void Grow()
    {
        _levels.Add([]);
        _limit = Limit();
    }

    private int Limit() => Enumerable.Range(0, _levels.Count).Sum(Capacity);

    private int Capacity(int level) => Math.Max((int)Math.Ceiling(K * Math.Pow(Shrink, _levels.Count - level - 1)), 2);

    // Xorshift64.
    private int Flip()
    {
        _coin ^= _coin << 13;
        _coin ^= _coin >> 7;
        _coin ^= _coin << 17;
        return (int)(_coin >> 63);
    }
}
