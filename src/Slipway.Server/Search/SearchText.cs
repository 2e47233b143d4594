using System.Text.Unicode;
using Slipway.Store;

namespace Slipway.Server.Search;

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

    public static bool IsStorable(string text) => !text.Contains('\0', StringComparison.Ordinal) && Utf16.IsValid(text);
}
