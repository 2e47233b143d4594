using System.Numerics;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>
/// Estimates how many different values there are: HyperLogLog with 4096 registers. The standard error is 1.6 %, and small
/// numbers come out nearly exact.
/// </summary>
internal sealed class DistinctSketch
{
    private const int Bits = 12;
    private const int Size = 1 << Bits;

    // The most that a register may hold: one more than the bits that are left.
    private const int Most = 64 - Bits + 1;

    private readonly byte[] _registers = new byte[Size];

    public void Add(ulong fingerprint)
    {
        var register = (int)(fingerprint >> (64 - Bits));
        var rank = (byte)Math.Min(BitOperations.LeadingZeroCount(fingerprint << Bits) + 1, Most);
        if (rank > _registers[register])
        {
            _registers[register] = rank;
        }
    }

    public void Merge(DistinctSketch other)
    {
        for (var i = 0; i < Size; i++)
        {
            _registers[i] = Math.Max(_registers[i], other._registers[i]);
        }
    }

    // Ertl's estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6). It needs no
    // tables of corrections and is without bias from the first value on.
    public long Estimate()
    {
        Span<int> counts = stackalloc int[Most + 1];
        foreach (var register in _registers)
        {
            counts[register]++;
        }

        var z = Size * Tau(1 - (counts[Most] / (double)Size));
        for (var rank = Most - 1; rank >= 1; rank--)
        {
            z = 0.5 * (z + counts[rank]);
        }

        z += Size * Sigma(counts[0] / (double)Size);
        return (long)Math.Round(Size / (2 * Math.Log(2)) * Size / z);
    }

    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }

        var (y, z, last) = (1.0, x, -1.0);
        while (z > last)
        {
            x *= x;
            last = z;
            z += x * y;
            y += y;
        }

        return z;
    }

    private static double Tau(double x)
    {
        if (x is <= 0 or >= 1)
        {
            return 0;
        }

        var (y, z, last) = (1.0, 1 - x, double.MaxValue);
        while (z < last)
        {
            x = Math.Sqrt(x);
            last = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }

        return z / 3;
    }
}
