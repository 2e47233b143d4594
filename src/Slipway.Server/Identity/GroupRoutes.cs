using Slipway.Server.Checks;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>The native endpoints of groups.</summary>
internal static class GroupRoutes
{
    public static void Map(NativeRoutes native, Spine spine, FrontDesk desk)
    {
        native.Get(new NativePath("groups", "Lists groups by name."), Permission.Audit, (_, _) => Target.Server, (RouteValues _, ListGroupsRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var size = NamePage.Size(wire.Limit);
            return spine.ReadAsync(caller, async reader =>
            {
                var (rows, next) = NamePage.Cut(await UserGroups.ListAsync(reader, wire.After ?? "", size + 1, cancellationToken), size, row => row.Name);
                return new GroupsResponse([.. rows.Select(row => new Group(row.Name, row.CreatedAt))], next);
            }, cancellationToken);
        });
        native.Post(new NativePath("groups", "Makes a group."), Permission.Admin, (_, _) => Target.Server, async (RouteValues _, AddGroupRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var made = await desk.MakeAsync(caller, new CreateGroup(UserName.Check(wire.Name, "name")), cancellationToken);
            return new Group(made.Name, made.CreatedAt) { Members = [] };
        });
        native.Get(new NativePath("groups/{name}", "Shows a group and its members."), Permission.Audit, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, async reader =>
            {
                var row = await UserGroups.GetAsync(reader, values.First, cancellationToken);
                return new Group(row.Name, row.CreatedAt) { Members = await UserGroups.MembersAsync(reader, row.Id, cancellationToken) };
            }, cancellationToken));
        native.Delete(new NativePath("groups/{name}", "Removes a group with its memberships and permissions."), Permission.Admin, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new DeleteGroup(values.First), cancellationToken));
        native.Post(new NativePath("groups/{name}/members", "Takes a user into a group."), Permission.Admin, (_, _) => Target.Server, (RouteValues values, JoinGroupRequest wire, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new SetMembership(values.First, Require.Text(wire.User, "user"), IsMember: true), cancellationToken));
        native.Delete(new NativePath("groups/{name}/members/{user}", "Takes a user out of a group."), Permission.Admin, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new SetMembership(values.First, values.Second, IsMember: false), cancellationToken));
    }
}
