using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>How much somebody may do with an object; each level includes those below.</summary>
internal enum AccessLevel
{
    None = 0,
    Read = 1,
    Use = 2,
    Edit = 3,
    Manage = 4,
}

/// <summary>The levels' names on the wire.</summary>
internal static class AccessLevels
{
    private static readonly Dictionary<string, AccessLevel> ByName = new()
    {
        ["NO_PERMISSIONS"] = AccessLevel.None,
        ["READ"] = AccessLevel.Read,
        ["USE"] = AccessLevel.Use,
        ["EDIT"] = AccessLevel.Edit,
        ["MANAGE"] = AccessLevel.Manage,
    };

    public static string Allowed => string.Join(", ", ByName.Keys);

    public static string NameOf(AccessLevel level) => ByName.First(name => name.Value == level).Key;

    public static bool TryParse(string? text, out AccessLevel level) => ByName.TryGetValue(text ?? "", out level);

    public static AccessLevel Parse(string? text) => TryParse(text, out var level)
        ? level
        : throw Fault.Invalid($"Invalid permission '{Checks.Text.Shorten(text ?? "")}'. Valid permissions are: {Allowed}.");
}
