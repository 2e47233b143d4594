using System.Text;
using Slipway.Store;

namespace Slipway.Server.Checks;

/// <summary>Lengths count characters as people and Python do: code points.</summary>
internal static class Text
{
    public static int Length(string text)
    {
        var length = text.Length;
        foreach (var character in text)
        {
            length -= char.IsLowSurrogate(character) ? 1 : 0;
        }

        return length;
    }

    /// <summary>The first code points of a text.</summary>
    public static string Truncate(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        var kept = new StringBuilder(limit);
        foreach (var rune in text.EnumerateRunes().Take(limit))
        {
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }

    public static string Within(string text, int limit, string name) => text.Length <= limit || Length(text) <= limit
        ? text
        : throw Fault.Invalid($"'{name}' is {Length(text)} characters long; the limit is {limit}. It begins with '{Shorten(text)}'.");

    /// <summary>Enough of a text to know it by, for messages.</summary>
    public static string Shorten(string text) => text.Length <= 60 ? text : $"{Truncate(text, 60)}…";
}
