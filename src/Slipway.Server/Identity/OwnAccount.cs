using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>What everybody may do with their own account, and admins with all.</summary>
internal static class OwnAccount
{
    /// <summary>Lets look at an account: oneself, auditors and admins.</summary>
    /// <exception cref="RefusedException">It is another's.</exception>
    public static void RequireToSee(Caller caller, string owner)
    {
        var who = caller.Principal;
        if (!IsOwn(who, owner) && !who.IsAdmin && !who.IsAuditor)
        {
            throw Denied(who, owner);
        }
    }

    /// <summary>Lets change an account. A token whose scope is cut down can't: it could give itself the rest.</summary>
    /// <exception cref="RefusedException">It is another's, or the token's scope is cut down.</exception>
    public static void RequireToChange(Change change, string owner)
    {
        // Whoever is no caller is the server itself.
        if (change.Info.Actor is not Caller { Principal: { } who } || MayAdminister(who) || (IsOwn(who, owner) && who.Scope.IsAll))
        {
            return;
        }

        throw Denied(who, owner);
    }

    public static bool MayAdminister(Principal who) => who.IsAdmin && who.Scope.Allows(Permission.Admin);

    public static bool IsOwn(Principal who, string owner) => who.Id is not null && who.Name == owner;

    private static RefusedException Denied(Principal who, string owner) => new(IsOwn(who, owner)
        ? $"Permission denied: the token may be used for {who.Scope}, and not to change the account of {who.Name}."
        : $"Permission denied: {who.Name} may not look after the account of {Checks.Text.Shorten(owner)}.");
}
