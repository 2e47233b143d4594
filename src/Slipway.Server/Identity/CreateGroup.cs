using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Makes a group, without members yet.</summary>
internal sealed record CreateGroup(string Name) : PeopleChange<GroupRow>
{
    public override string Action => "group.create";

    public override string Resource => $"groups/{Name}";

    protected override async Task<GroupRow> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        if (await UserGroups.FindAsync(change, Name, cancellationToken) is not null)
        {
            throw Fault.AlreadyExists($"Group '{Name}' already exists.");
        }

        var row = new GroupRow(await change.TakeIdsAsync("principals", 1, cancellationToken), Name, change.Info.At);
        await UserGroups.AddAsync(change, row, cancellationToken);
        return row;
    }
}
