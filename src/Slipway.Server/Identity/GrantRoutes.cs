using Slipway.Server.Checks;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>The native endpoints of permissions.</summary>
internal sealed class GrantRoutes(Spine spine)
{
    public void Map(NativeRoutes native)
    {
        MapOn(native, "experiments/{id}/permissions", values => GrantObject.Experiment(Require.ExperimentId(values.First)));
        MapOn(native, "models/{name}/permissions", values => GrantObject.Model(values.First));
        MapOn(native, "datasets/{name}/permissions", values => GrantObject.Dataset(values.First));
        native.Get(new NativePath("users/{name}/permissions", "Lists what is granted to a user and to their groups."), Permission.Known, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
        {
            OwnAccount.RequireToSee(caller, values.First);
            return spine.ReadAsync(caller, reader => HeldByAsync(reader, values.First, cancellationToken), cancellationToken);
        });
    }

    private void MapOn(NativeRoutes native, string path, Func<RouteValues, GrantObject> read)
    {
        native.Get(new NativePath(path, "Lists what is granted on it."), Permission.Read, (values, _) => read(values).Target, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, reader => ListAsync(reader, caller, read(values), cancellationToken), cancellationToken));
        native.Post(new NativePath(path, "Grants a permission on it to a user or a group."), Permission.Manage, (values, _) => read(values).Target, (RouteValues values, GrantRequest wire, Caller caller, CancellationToken cancellationToken) =>
            MakeAsync(caller, Decode(read(values), wire), cancellationToken));
        native.Delete(new NativePath(path, "Takes a permission on it back."), Permission.Manage, (values, _) => read(values).Target, (RouteValues values, GrantRequest wire, Caller caller, CancellationToken cancellationToken) =>
            MakeAsync(caller, Decode(read(values), wire) with { Revokes = true }, cancellationToken));
    }

    private async Task<EmptyResponse> MakeAsync(Caller caller, SetGrant change, CancellationToken cancellationToken)
    {
        await spine.MakeAsync(caller, change, cancellationToken);
        return EmptyResponse.Value;
    }

    private static SetGrant Decode(GrantObject on, GrantRequest wire) => new(on, GrantSubject.Of(wire.User, wire.Group), GrantedRight.Parse(wire.Permission));

    // Auditors see it for everything; others where they manage.
    private async Task<GrantsResponse> ListAsync(Reader reader, Caller caller, GrantObject named, CancellationToken cancellationToken)
    {
        var on = await named.GetAsync(reader, cancellationToken);
        if (!caller.Principal.IsAuditor)
        {
            await spine.Rights.RequireAsync(reader, caller.Principal, (AccessLevel.Manage, on), cancellationToken);
        }

        return new GrantsResponse([.. (await Grants.OnAsync(reader, on, cancellationToken)).Select(held =>
            new Wire.Identity.Grant(held.User, held.Group, LevelOf(held.Grant), held.Grant.MayPromote, held.Grant.MayApprove, held.Grant.MayBreakGlass))]);
    }

    private static async Task<HeldGrantsResponse> HeldByAsync(Reader reader, string name, CancellationToken cancellationToken)
    {
        var user = await Users.GetAsync(reader, name, cancellationToken);
        var groups = (await UserGroups.OfAsync(reader, user.Id, cancellationToken)).ToDictionary(group => group.Id, group => group.Name);
        return new HeldGrantsResponse([.. (await Grants.HeldByAsync(reader, [user.Id, .. groups.Keys], cancellationToken)).Select(held =>
            new HeldGrant(held.Kind, held.Object, groups.GetValueOrDefault(held.Grant.Subject), LevelOf(held.Grant), held.Grant.MayPromote, held.Grant.MayApprove, held.Grant.MayBreakGlass))]);
    }

    private static string? LevelOf(Grant grant) => grant.Level is { } level ? AccessLevels.NameOf(level) : null;
}
