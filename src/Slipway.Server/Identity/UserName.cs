using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>What a user or a group may be called.</summary>
internal static class UserName
{
    private const int Limit = 128;

    // Names that the server itself gives in the audit log.
    private static readonly string[] Taken = ["anonymous", "slipway", "setup", "unknown"];

    public static string Check(string? name, string parameter)
    {
        var text = Text.Within(Require.Text(name, parameter), Limit, parameter);
        if (IsTaken(text))
        {
            throw Fault.Invalid($"'{text}' is a name that the server keeps for itself.");
        }

        return IsLegal(text) ? text : throw Fault.Invalid($"'{parameter}' can't be '{Text.Shorten(text)}': no colons, slashes and control characters, and no blanks at its ends.");
    }

    /// <summary>Whether a user may be made with this name.</summary>
    public static bool IsAllowed(string text) => IsLegal(text) && !IsTaken(text);

    private static bool IsTaken(string text) => Taken.Contains(text, StringComparer.OrdinalIgnoreCase);

    public static bool IsLegal(string text) => text.Length is > 0 and <= Limit
        && text.Trim().Length == text.Length
        && !text.Any(character => character is ':' or '/' || char.IsControl(character) || char.IsSurrogate(character));
}
