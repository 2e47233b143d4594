using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Says whether a user is an admin or an auditor; null leaves it.</summary>
internal sealed record SetRoles(string Name, bool? IsAdmin, bool? IsAuditor) : PeopleChange<bool>
{
    public override string Action => "user.set-roles";

    public override string Resource => $"users/{Name}";

    /// <summary>Without an admin nobody could let anybody in again, and without users the server would be open to all.</summary>
    /// <exception cref="RefusedException">There is no other admin.</exception>
    public static async Task RequireOtherAdminAsync(Change change, UserRow user, CancellationToken cancellationToken)
    {
        if (user.IsAdmin && !user.IsService && !await Users.IsThereOtherAdminAsync(change, user.Id, cancellationToken))
        {
            throw new RefusedException($"{user.Name} is the last admin. Make another one first.");
        }
    }

    protected override async Task<bool> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        var user = await Users.GetAsync(change, Name, cancellationToken);
        var then = user with { IsAdmin = IsAdmin ?? user.IsAdmin, IsAuditor = IsAuditor ?? user.IsAuditor };
        if (!then.IsAdmin)
        {
            await RequireOtherAdminAsync(change, user, cancellationToken);
        }

        await Users.SetRolesAsync(change, then, cancellationToken);
        change.Record(UserState.Of(user), UserState.Of(then));
        return true;
    }
}
