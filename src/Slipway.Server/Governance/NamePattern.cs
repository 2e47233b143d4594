namespace Slipway.Server.Governance;

/// <summary>Patterns of names: <c>*</c> stands for any run of characters, everything else for itself.</summary>
internal static class NamePattern
{
    public static bool Matches(string pattern, string name)
    {
        // After a star, the shortest run that lets the rest match is found by going back to the last star only.
        var (at, star, from) = (0, -1, 0);
        for (var i = 0; i < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, from) = (at++, i);
            }
            else if (at < pattern.Length && pattern[at] == name[i])
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                (at, i) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    /// <summary>How many characters of a pattern stand for themselves; the more, the closer it fits.</summary>
    public static int LiteralsIn(string pattern) => pattern.Count(character => character != '*');
}
