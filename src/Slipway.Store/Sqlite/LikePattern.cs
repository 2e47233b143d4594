namespace Slipway.Store.Sqlite;

/// <summary>LIKE by code points, in time proportional to pattern × text and without recursion.</summary>
internal static class LikePattern
{
    public static bool Matches(string pattern, string text, bool foldCase)
    {
        var (p, t) = (0, 0);
        var (star, resume) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '_' || Same(pattern[p], text[t], foldCase)))
            {
                t += pattern[p] == '_' ? CodePointLength(text, t) : 1;
                p++;
            }
            else if (star >= 0)
            {
                // The last % takes one more character; earlier ones never need to be tried again.
                (p, t) = (star + 1, resume += CodePointLength(text, resume));
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '%')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static int CodePointLength(string text, int index) => index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;

    // Only A to Z fold: the other database does the same under its "C" collation.
    private static bool Same(char left, char right, bool foldCase) =>
        left == right || (foldCase && char.IsAsciiLetter(left) && (left | 0x20) == (right | 0x20));
}
