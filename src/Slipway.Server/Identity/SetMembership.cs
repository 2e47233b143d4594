using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Takes a user into a group, or out of it.</summary>
internal sealed record SetMembership(string Group, string User, bool IsMember) : PeopleChange<bool>
{
    public override string Action => IsMember ? "group.join" : "group.leave";

    public override string Resource => $"groups/{Group}";

    protected override async Task<bool> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        var group = await UserGroups.GetAsync(change, Group, cancellationToken);
        var user = await Users.GetAsync(change, User, cancellationToken);
        change.About($"users/{User}");
        if (IsMember)
        {
            await UserGroups.JoinAsync(change, group.Id, user.Id, UserGroups.ByHand, cancellationToken);
            change.Record(null, MemberState.Of(User));
            return true;
        }

        if (!await UserGroups.LeaveAsync(change, group.Id, user.Id, UserGroups.ByHand, cancellationToken))
        {
            throw Fault.NotFound($"{User} was not put into the group '{Group}' here. Memberships that an identity provider tells of are ended there.");
        }

        change.Record(MemberState.Of(User), null);
        return true;
    }
}
