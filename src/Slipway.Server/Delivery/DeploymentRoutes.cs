using System.Globalization;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Serving.Gateway.Records;
using Slipway.Store;
using Slipway.Wire.Delivery;
using Deployment = Slipway.Wire.Delivery.Deployment;

namespace Slipway.Server.Delivery;

/// <summary>The endpoints that show what is served of a model, and how it came there.</summary>
/// <param name="spine">What every feature leans on.</param>
/// <param name="stateOf">What the gateway of an environment said last.</param>
internal sealed class DeploymentRoutes(Spine spine, Func<string, GatewayState?> stateOf)
{
    private const int UsualLimit = 50;
    private const int MostLimit = 1000;

    public void Map(NativeRoutes native)
    {
        native.Get(new NativePath("models/{name}/deployments", "Shows what is served of a model, and the rollouts that brought it there."), Permission.Read, (path, _) => Target.Model(path.First), (RouteValues path, DeploymentsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            ListAsync(caller, path.First, wire, cancellationToken));
        native.Get(new NativePath("models/{name}/rollouts/{rollout}/looks", "Shows what the judge of a rollout saw, look by look."), Permission.Read, (path, _) => Target.Model(path.First), (RouteValues path, RolloutLooksRequest wire, Caller caller, CancellationToken cancellationToken) =>
            LooksAsync(caller, (path.First, path.Second), wire, cancellationToken));
    }

    private async Task<DeploymentsResponse> ListAsync(Caller caller, string model, DeploymentsRequest wire, CancellationToken cancellationToken)
    {
        var limit = wire.Limit ?? UsualLimit;
        if (limit is < 1 or > MostLimit)
        {
            throw Fault.Invalid($"Invalid value {limit} for parameter 'limit': must be from 1 to {MostLimit}.");
        }

        var (deployments, rollouts) = await spine.ReadAsync(caller, async reader =>
        {
            await RegisteredModels.GetAsync(reader, model, cancellationToken);
            return (await Deployments.OfModelAsync(reader, model, (int)limit, cancellationToken), await Rollouts.OfModelAsync(reader, model, (int)limit, cancellationToken));
        }, cancellationToken);
        return new DeploymentsResponse([.. deployments.Select(ToWire)], [.. rollouts.Select(ToWire)]);
    }

    private Task<RolloutLooksResponse> LooksAsync(Caller caller, (string Model, string Rollout) what, RolloutLooksRequest wire, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        var id = long.TryParse(what.Rollout, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return await Rollouts.FindAsync(reader, id, cancellationToken) is { } rollout && rollout.ModelName == what.Model
            ? new RolloutLooksResponse(await Looks.ListAsync(reader, id, wire.After ?? 0, cancellationToken))
            : throw Fault.NotFound($"There is no rollout '{Checks.Text.Shorten(what.Rollout)}' of '{Checks.Text.Shorten(what.Model)}'.");
    }, cancellationToken);

    private Deployment ToWire(DeploymentRow row)
    {
        var shown = new Deployment(row.Id, row.Environment, row.ModelName, RegistryEvents.Digits(row.Number), row.Role) { Rollout = row.Rollout, Since = row.Since, EndedAt = row.EndedAt };
        var id = RegistryEvents.Digits(row.Id);
        return row.EndedAt is null && stateOf(row.Environment)?.Models.SelectMany(model => model.Deployments).FirstOrDefault(state => state.Id == id) is { } state
            ? shown with
            {
                Percent = state.Percent,
                Requests = state.Requests,
                Failures = state.Failures,
                LatencyP95 = state.LatencyP95,
                HealthyWorkers = state.Workers.Count(worker => worker.Health == WorkerHealth.Healthy),
            }
            : shown;
    }

    public static Rollout ToWire(RolloutRow row) => new(row.Id, row.Environment, row.ModelName, RegistryEvents.Digits(row.Number))
    {
        From = row.FromNumber is { } from ? RegistryEvents.Digits(from) : null,
        Promotion = row.Promotion,
        Kind = row.Kind,
        Percent = row.Trial?.Percent,
        Seconds = row.Trial?.Seconds,
        Samples = row.Trial?.Samples,
        Metrics = row.Trial?.Metrics,
        EndsAt = row.Trial?.EndsAt,
        State = row.State,
        Phase = row.Phase,
        Step = row.Step,
        Signal = row.Signal,
        Reason = row.Reason,
        Requester = row.Requester,
        CreatedAt = row.CreatedAt,
        EndedAt = row.EndedAt,
    };
}
