using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>
/// Sixty-four well mixed bits of some bytes, fast. They serve estimates only: what must not be mistaken is compared by SHA-256.
/// </summary>
internal static class Fingerprint
{
    private const ulong First = 0x9E37_79B9_7F4A_7C15;
    private const ulong Second = 0xBF58_476D_1CE4_E5B9;
    private const ulong Third = 0x94D0_49BB_1331_11EB;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var state = First ^ (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            state = Mix(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var rest = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            rest |= (ulong)bytes[i] << (8 * i);
        }

        return Finish(Mix(state, rest));
    }

    private static ulong Mix(ulong state, ulong word)
    {
        var high = Math.BigMul(state ^ word, First, out var low);
        return BitOperations.RotateLeft(high ^ low, 23) + (word * Second);
    }

    // The finalizer of SplitMix64.
    private static ulong Finish(ulong state)
    {
        state = (state ^ (state >> 30)) * Second;
        state = (state ^ (state >> 27)) * Third;
        return state ^ (state >> 31);
    }
}
