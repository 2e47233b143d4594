namespace Slipway.Wire.Content;

/// <summary>Cuts content where its bytes say so, so that an edit moves only the cuts near it.</summary>
/// <remarks>
/// FastCDC with normalized chunking, as documented in <c>docs/content-store.md</c>:
/// 1. Nothing is cut below the least length; the hash is rolled from 64 bytes before it, so that it depends on the last 64 bytes alone.
/// 2. Up to 48 KiB a cut needs the hash's upper 16 bits to be zero; 3. beyond it the upper 15. 4. At the greatest length it is cut anyway.
/// That makes 60 KiB on average. A stricter beginning and an easier end, as in the paper, makes lengths more even, but then
/// cuts take longer to fall together again behind an edit.
/// These numbers and the table never change: other cuts would make every stored content foreign to the next version of it.
/// </remarks>
public static class Chunker
{
    /// <summary>Every chunk but the last of a content is longer.</summary>
    public const int Least = 16 << 10;

    /// <summary>No chunk is longer.</summary>
    public const int Greatest = 256 << 10;

    private const int Window = 64;
    private const int Eased = 48 << 10;
    private const ulong StrictMask = ~(ulong.MaxValue >> 16);
    private const ulong EasyMask = ~(ulong.MaxValue >> 15);
    private const ulong Seed = 0x0053_6C69_7077_6179;

    private static readonly ulong[] Gear = MakeGear();

    /// <summary>How long the first chunk is; 0 when that can't be said before more of the content is seen.</summary>
    /// <param name="content">What is left of the content, or the beginning of it.</param>
    /// <param name="isAll">Nothing comes after it.</param>
    public static int Cut(ReadOnlySpan<byte> content, bool isAll)
    {
        if (content.Length <= Least)
        {
            return isAll ? content.Length : 0;
        }

        var hash = Roll(content[(Least - Window)..Least]);
        var end = Find(content, ref hash, Least, Math.Min(Eased, content.Length), StrictMask);
        end = end > 0 ? end : Find(content, ref hash, Eased, Math.Min(Greatest, content.Length), EasyMask);
        if (end > 0)
        {
            return end;
        }

        return content.Length >= Greatest ? Greatest : isAll ? content.Length : 0;
    }

    private static ulong Roll(ReadOnlySpan<byte> window)
    {
        var hash = 0UL;
        foreach (var value in window)
        {
            hash = (hash << 1) + Gear[value];
        }

        return hash;
    }

    private static int Find(ReadOnlySpan<byte> content, ref ulong hash, int from, int to, ulong mask)
    {
        var gear = Gear;
        var rolled = hash;
        for (var i = from; i < to; i++)
        {
            rolled = (rolled << 1) + gear[content[i]];
            if ((rolled & mask) == 0)
            {
                return i + 1;
            }
        }

        hash = rolled;
        return 0;
    }

    // SplitMix64 (Steele, Lea, Flood 2014), from the seed that spells the product's name.
    private static ulong[] MakeGear()
    {
        var gear = new ulong[256];
        var state = Seed;
        for (var i = 0; i < gear.Length; i++)
        {
            state += 0x9E37_79B9_7F4A_7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
            gear[i] = mixed ^ (mixed >> 31);
        }

        return gear;
    }
}
