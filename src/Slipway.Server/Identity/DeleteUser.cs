using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Removes a user with their tokens, memberships and grants.</summary>
internal sealed record DeleteUser(string Name) : PeopleChange<bool>
{
    public override string Action => "user.delete";

    public override string Resource => $"users/{Name}";

    protected override async Task<bool> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        var user = await Users.GetAsync(change, Name, cancellationToken);
        await SetRoles.RequireOtherAdminAsync(change, user, cancellationToken);
        await Tokens.RemoveAllAsync(change, user.Id, cancellationToken);
        await UserGroups.LeaveAllAsync(change, user.Id, cancellationToken);
        await Grants.RemoveAllAsync(change, user.Id, cancellationToken);
        await Users.RemoveAsync(change, user.Id, cancellationToken);
        change.Record(UserState.Of(user), null);
        return true;
    }
}
