using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Removes a group with its memberships and what was granted to it.</summary>
internal sealed record DeleteGroup(string Name) : PeopleChange<bool>
{
    public override string Action => "group.delete";

    public override string Resource => $"groups/{Name}";

    protected override async Task<bool> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        var group = await UserGroups.GetAsync(change, Name, cancellationToken);
        await Grants.RemoveAllAsync(change, group.Id, cancellationToken);
        await UserGroups.RemoveAsync(change, group.Id, cancellationToken);
        return true;
    }
}
