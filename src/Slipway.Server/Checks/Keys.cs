using System.Globalization;
using System.Text;
using Slipway.Store;

namespace Slipway.Server.Checks;

/// <summary>Which names params, metrics and tags may have.</summary>
internal static class Keys
{
    public const int Limit = 250;

    /// <param name="key">The key, as it came.</param>
    /// <param name="name">What the request calls it, for the message.</param>
    public static string Check(string? key, string name)
    {
        Text.Within(Require.Text(key, name), Limit, name);
        foreach (var character in key!.EnumerateRunes())
        {
            if (!IsAllowed(character))
            {
                throw Fault.Invalid($"Invalid value '{Text.Shorten(key)}' for parameter '{name}': names may only hold letters, digits, underscores (_), dashes (-), periods (.), spaces ( ), colons (:) and slashes (/).");
            }
        }

        return IsNormalPath(key) ? key : throw Fault.Invalid($"Invalid value '{Text.Shorten(key)}' for parameter '{name}': a name is also a path, and must be in its shortest form, relative, without '.' and '..' segments.");
    }

    private static bool IsAllowed(Rune character) =>
        (character.IsAscii && (char)character.Value is '_' or '/' or '.' or '-' or ' ' or ':')
        || Rune.IsLetterOrDigit(character)
        || Rune.GetUnicodeCategory(character) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool IsNormalPath(string key) =>
        !key.StartsWith("..", StringComparison.Ordinal) && key.Split('/').All(segment => segment is not ("" or "." or ".."));
}
