using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>What no text of a search may be, because a database could not take it or nobody would write it.</summary>
internal static class SearchText
{
    private const int MaxLength = 64 * 1024;

    public static void Check(string text)
    {
        if (text.Length > MaxLength)
        {
            throw Fault.Invalid($"A filter or an order may have at most {MaxLength} characters; this one has {text.Length}.");
        }

        if (!IsStorable(text))
        {
            throw Fault.Invalid("A filter or an order must be valid Unicode without the character U+0000.");
        }
    }

    /// <summary>The text as an error may repeat it.</summary>
    public static string Shown(string text) => text.Length <= 200 ? text : text[..200] + "…";

    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i]))))
            {
                return false;
            }
        }

        return true;
    }
}
