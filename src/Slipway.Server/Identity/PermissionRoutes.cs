using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>MLflow's endpoints of permissions on experiments and registered models.</summary>
internal sealed class PermissionRoutes(Spine spine)
{
    public void Map(WireRoutes mlflow)
    {
        Map(mlflow, "experiments/permissions/", new Shape<ExperimentPermissionRequest, ExperimentPermissionResponse>(
            wire => (GrantObject.Experiment(Require.ExperimentId(wire.ExperimentId)), wire.Username, wire.Permission),
            (wire, user, level) => new ExperimentPermissionResponse(new ExperimentPermission(wire.ExperimentId!, user, level))));
        Map(mlflow, "registered-models/permissions/", new Shape<ModelPermissionRequest, ModelPermissionResponse>(
            wire => (GrantObject.Model(Require.Text(wire.Name, "name")), wire.Username, wire.Permission),
            (wire, user, level) => new ModelPermissionResponse(new ModelPermission(wire.Name!, user, level))));
    }

    private void Map<TRequest, TResponse>(WireRoutes mlflow, string path, Shape<TRequest, TResponse> shape)
        where TRequest : class
    {
        Target On(TRequest wire) => shape.Read(wire).On.Target;
        mlflow.Post(path + "create", Permission.Manage, On, async (TRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var (user, grant) = await spine.MakeAsync(caller, Decode(shape, wire) with { Exists = false }, cancellationToken);
            return shape.Write(wire, user, AccessLevels.NameOf(grant.Level!.Value));
        });
        mlflow.Get(path + "get", Permission.Manage, On, (TRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, reader => FindAsync(shape, reader, wire, cancellationToken), cancellationToken));
        mlflow.Patch(path + "update", Permission.Manage, On, async (TRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            await spine.MakeAsync(caller, Decode(shape, wire) with { Exists = true }, cancellationToken);
            return EmptyResponse.Value;
        });
        mlflow.Delete(path + "delete", Permission.Manage, On, async (TRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var (on, user, _) = shape.Read(wire);
            await spine.MakeAsync(caller, new SetGrant(on, SubjectOf(user), new GrantedRight(AccessLevel.None)) { Revokes = true }, cancellationToken);
            return EmptyResponse.Value;
        });
    }

    private static SetGrant Decode<TRequest, TResponse>(Shape<TRequest, TResponse> shape, TRequest wire)
    {
        var (on, user, permission) = shape.Read(wire);
        return new SetGrant(on, SubjectOf(user), new GrantedRight(AccessLevels.Parse(Require.Text(permission, "permission"))));
    }

    private static GrantSubject SubjectOf(string? user) => new(Require.Text(user, "username"), Group: null);

    private static async Task<TResponse> FindAsync<TRequest, TResponse>(Shape<TRequest, TResponse> shape, Reader reader, TRequest wire, CancellationToken cancellationToken)
    {
        var (on, user, _) = shape.Read(wire);
        var securable = await on.GetAsync(reader, cancellationToken);
        var subject = SubjectOf(user);
        var id = await subject.GetIdAsync(reader, cancellationToken);
        return (await Grants.OfAsync(reader, securable, [id], cancellationToken)).FirstOrDefault()?.Level is { } level
            ? shape.Write(wire, id, AccessLevels.NameOf(level))
            : throw SetGrant.Missing(on, subject);
    }

    /// <summary>How the records of one kind of object are read and written.</summary>
    private sealed record Shape<TRequest, TResponse>(Func<TRequest, (GrantObject On, string? User, string? Permission)> Read, Func<TRequest, long, string, TResponse> Write);
}
