using System.Text;
using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Which names an alias may have.</summary>
internal static class AliasName
{
    public const string Latest = "latest";
    private const int Limit = 255;

    public static string Check(string? alias)
    {
        Text.Within(Require.Text(alias, "alias"), Limit, "alias");
        return alias!.EnumerateRunes().All(character => character.Value is '_' or '-' || Rune.IsLetterOrDigit(character))
            ? alias!
            : throw Fault.Invalid($"Invalid alias name: '{Text.Shorten(alias!)}'. It may only hold letters, digits, underscores and dashes.");
    }

    public static string CheckNew(string? alias)
    {
        Check(alias);
        if (alias!.Equals(Latest, StringComparison.OrdinalIgnoreCase))
        {
            throw Fault.Invalid($"'{alias}' alias name (case insensitive) is reserved: it always means the highest version.");
        }

        return alias.Length > 1 && alias[0] is 'v' or 'V' && !alias.AsSpan(1).ContainsAnyExceptInRange('0', '9')
            ? throw Fault.Invalid($"Version alias name '{alias}' is reserved: it reads like a version number.")
            : alias;
    }
}
