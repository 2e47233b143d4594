using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>MLflow's endpoints of users.</summary>
internal static class UserRoutes
{
    public static void Map(WireRoutes mlflow, Spine spine, FrontDesk desk)
    {
        mlflow.Post("users/create", Permission.Admin, _ => Target.Server, async (CreateUserRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var name = UserName.Check(wire.Username, "username");
            var made = await desk.MakeAsync(caller, new CreateUser(name, await desk.Passwords.HashAsync(wire.Password, cancellationToken)), cancellationToken);
            return new UserResponse(ToWire(made) with { ExperimentPermissions = [], RegisteredModelPermissions = [], ScorerPermissions = [] });
        });
        mlflow.Get("users/get", Permission.Known, _ => Target.Server, (UserRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var name = Require.Text(wire.Username, "username");
            OwnAccount.RequireToSee(caller, name);
            return spine.ReadAsync(caller, async reader => new UserResponse(await WithGrantsAsync(reader, await Users.GetAsync(reader, name, cancellationToken), cancellationToken)), cancellationToken);
        });
        mlflow.Get("users/list", Permission.Audit, _ => Target.Server, (EmptyResponse _, Caller caller, CancellationToken cancellationToken) => spine.ReadAsync(
            caller,
            async reader => new UsersResponse([.. (await Users.ListAsync(reader, "", long.MaxValue, cancellationToken)).Select(ToWire)]),
            cancellationToken));
        mlflow.Get("users/current", Permission.Known, _ => Target.Server, (EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            Task.FromResult(new UserResponse(new MlflowUser(caller.Principal.Id ?? 0, caller.Name, caller.Principal.IsAdmin))));
        mlflow.Patch("users/update-password", Permission.Known, _ => Target.Server, (UpdatePasswordRequest wire, Caller caller, CancellationToken cancellationToken) =>
            new PasswordChange(desk, caller, Require.Text(wire.Username, "username")).MakeAsync(wire.Password, wire.CurrentPassword, cancellationToken));
        mlflow.Patch("users/update-admin", Permission.Admin, _ => Target.Server, (UpdateAdminRequest wire, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new SetRoles(Require.Text(wire.Username, "username"), Require.Value(wire.IsAdmin, "is_admin"), IsAuditor: null), cancellationToken));
        mlflow.Delete("users/delete", Permission.Admin, _ => Target.Server, (UserRequest wire, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new DeleteUser(Require.Text(wire.Username, "username")), cancellationToken));
    }

    private static MlflowUser ToWire(UserRow row) => new(row.Id, row.Name, row.IsAdmin);

    private static async Task<MlflowUser> WithGrantsAsync(Reader reader, UserRow row, CancellationToken cancellationToken) => ToWire(row) with
    {
        ExperimentPermissions = [.. (await Grants.OnExperimentsAsync(reader, row.Id, cancellationToken)).Select(grant => new ExperimentPermission(grant.Object, row.Id, AccessLevels.NameOf(grant.Level)))],
        RegisteredModelPermissions = [.. (await Grants.OnModelsAsync(reader, row.Id, cancellationToken)).Select(grant => new ModelPermission(grant.Object, row.Id, AccessLevels.NameOf(grant.Level)))],
        ScorerPermissions = [],
    };
}
