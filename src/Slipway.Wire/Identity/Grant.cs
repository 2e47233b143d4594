namespace Slipway.Wire.Identity;

/// <summary>What a user or a group may do with an object beyond the default.</summary>
/// <param name="User">The user; absent when it is a group.</param>
/// <param name="Group">The group; absent when it is a user.</param>
/// <param name="Level">NO_PERMISSIONS, READ, USE, EDIT or MANAGE; absent when nothing is said of it.</param>
/// <param name="Promote">May move versions between the stages of the model's pipeline.</param>
/// <param name="Approve">May say yes or no to promotions.</param>
/// <param name="BreakGlass">May pass the gates with a reason.</param>
public sealed record Grant(string? User, string? Group, string? Level, bool Promote, bool Approve, bool BreakGlass);

/// <summary>Everything that is granted on an object.</summary>
/// <param name="Permissions">Users first, then groups, each by name.</param>
public sealed record GrantsResponse(IReadOnlyList<Grant> Permissions);

/// <summary>POST and DELETE models/{name}/permissions and experiments/{id}/permissions.</summary>
/// <param name="User">To whom; or give a group.</param>
/// <param name="Group">To whom; or give a user.</param>
/// <param name="Permission">A level (NO_PERMISSIONS, READ, USE, EDIT, MANAGE), <c>promote</c>, <c>approve</c> or <c>break-glass</c>.</param>
public sealed record GrantRequest(string? User, string? Group, string? Permission);

/// <summary>What somebody may do with an object, and by what.</summary>
/// <param name="Kind"><c>experiment</c> or <c>model</c>.</param>
/// <param name="Object">The experiment's id or the model's name.</param>
/// <param name="Group">The group that it comes by; absent when it is granted to the user.</param>
/// <param name="Level">NO_PERMISSIONS, READ, USE, EDIT or MANAGE; absent when nothing is said of it.</param>
/// <param name="Promote">May move versions between the stages of the model's pipeline.</param>
/// <param name="Approve">May say yes or no to promotions.</param>
/// <param name="BreakGlass">May pass the gates with a reason.</param>
public sealed record HeldGrant(string Kind, string Object, string? Group, string? Level, bool Promote, bool Approve, bool BreakGlass);

/// <summary>Everything that is granted to somebody or to their groups.</summary>
/// <param name="Permissions">By kind and object.</param>
public sealed record HeldGrantsResponse(IReadOnlyList<HeldGrant> Permissions);
