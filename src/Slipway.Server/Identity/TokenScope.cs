using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>What a token may be used for at most: its owner's rights, cut down to these permissions.</summary>
internal sealed record TokenScope
{
    private const string Everything = "all";

    private static readonly Dictionary<string, Permission> Words = new()
    {
        ["read"] = Permission.Read,
        ["edit"] = Permission.Edit,
        ["manage"] = Permission.Manage,
        ["promote"] = Permission.Promote,
        ["approve"] = Permission.Approve,
        ["break-glass"] = Permission.BreakGlass,
        ["audit"] = Permission.Audit,
        ["admin"] = Permission.Admin,
    };

    private readonly HashSet<Permission>? _permissions;

    private TokenScope(HashSet<Permission>? permissions) => _permissions = permissions;

    public static TokenScope All { get; } = new(permissions: null);

    public bool IsAll => _permissions is null;

    /// <summary>Reads words separated by blanks or commas, such as <c>read edit promote</c>; nothing or <c>all</c> cuts nothing.</summary>
    /// <exception cref="Fault">One of them is no scope.</exception>
    public static TokenScope Parse(string? text)
    {
        var words = (text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0 || words.Contains(Everything))
        {
            return All;
        }

        return new TokenScope([.. words.Select(word => Words.TryGetValue(word, out var permission)
            ? permission
            : throw Fault.Invalid($"'{Checks.Text.Shorten(word)}' is no scope of a token; scopes are {Everything}, {string.Join(", ", Words.Keys)}."))]);
    }

    // Whoever may edit or manage may also read.
    public bool Allows(Permission permission) => _permissions is null
        || permission is Permission.None or Permission.Known
        || _permissions.Contains(permission)
        || (permission == Permission.Read && (_permissions.Contains(Permission.Edit) || _permissions.Contains(Permission.Manage)))
        || (permission == Permission.Edit && _permissions.Contains(Permission.Manage));

    public override string ToString() => _permissions is null ? Everything : string.Join(' ', Words.Where(word => _permissions.Contains(word.Value)).Select(word => word.Key));
}
