using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Serving.Gateway.Records;
using Slipway.Wire;
using Slipway.Wire.Delivery;

namespace Slipway.Server.Delivery;

/// <summary>The endpoints of environments.</summary>
internal sealed class EnvironmentRoutes(Spine spine)
{
    public void Map(NativeRoutes native)
    {
        native.Post(new NativePath("environments", "Puts an environment in force as its file says, or only says whether it can be used."), Permission.Admin, (_, _) => Target.Server,
            (HttpContext context, RouteValues _, ApplyEnvironmentRequest wire, Caller caller) => ApplyAsync(context, wire, caller));
        native.Get(new NativePath("environments", "Lists the environments in force."), Permission.Known, (_, _) => Target.Server, (RouteValues _, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, async reader => new EnvironmentsResponse([.. (await Environments.ListAsync(reader, cancellationToken)).Select(ToWire)]), cancellationToken));
        native.Get(new NativePath("environments/{name}", "Shows an environment with its file."), Permission.Known, (_, _) => Target.Server,
            async (HttpContext context, RouteValues values, EmptyResponse _, Caller caller) =>
            {
                var row = await spine.ReadAsync(caller, reader => Environments.GetAsync(reader, values.First, context.RequestAborted), context.RequestAborted);
                EntityTag.Set(context.Response, row.Version);
                return ToWire(row) with { Text = row.Text };
            });
        native.Delete(new NativePath("environments/{name}", "Takes an environment out of force: its gateway and workers end, and no version moves."), Permission.Admin, (_, _) => Target.Server,
            (HttpContext context, RouteValues values, EmptyResponse _, Caller caller) => spine.DoneAsync(caller, new DeleteEnvironment(values.First, EntityTag.Seen(context.Request)), context.RequestAborted));
        native.Get(new NativePath("environments/{name}/entry", "Says whether the caller may invoke a model there; the gateway asks this."), Permission.Read, (_, wire) => Target.Model(wire.Model ?? ""),
            (RouteValues values, EntryRequest wire, Caller caller, CancellationToken cancellationToken) => EnterAsync(caller, values.First, wire, cancellationToken));
    }

    private async Task<ServedEnvironment> ApplyAsync(HttpContext context, ApplyEnvironmentRequest wire, Caller caller)
    {
        // Who may not apply does not learn what is wrong with a file, nor make the server read one.
        var cancellationToken = context.RequestAborted;
        await spine.JudgeAsync(caller, cancellationToken);
        var request = ApplyEnvironment.Decode(wire.Text, EntityTag.Seen(context.Request));
        if (wire.DryRun == true)
        {
            return await TryAsync(caller, request, cancellationToken);
        }

        var row = await spine.MakeAsync(caller, request, cancellationToken);
        EntityTag.Set(context.Response, row.Version);
        return ToWire(row);
    }

    private Task<ServedEnvironment> TryAsync(Caller caller, ApplyEnvironment request, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        ApplyEnvironment.CheckSeen(request.Name, await Environments.FindAsync(reader, request.Name, cancellationToken), request.Seen);
        return ToWire(EnvironmentFile.Parse(request.Text), await Environments.NextVersionAsync(reader, request.Name, cancellationToken));
    }, cancellationToken);

    private Task<EmptyResponse> EnterAsync(Caller caller, string name, EntryRequest wire, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        await Environments.GetAsync(reader, name, cancellationToken);
        Checks.Require.Text(wire.Model, "model");
        return EmptyResponse.Value;
    }, cancellationToken);

    private static ServedEnvironment ToWire(EnvironmentRow row) => ToWire(row.Parse(), row.Version) with { AppliedBy = row.Actor, AppliedAt = row.At };

    private static ServedEnvironment ToWire(ServingEnvironment environment, long version) => new(environment.Name, version, environment.Stage, environment.Models)
    {
        Description = environment.Description,
        Listen = environment.Listen,
        Public = environment.IsPublic,
        Workers = environment.Workers,
        Strategy = environment.Rollout.Strategy switch
        {
            RolloutStrategy.BlueGreen => "blue-green",
            RolloutStrategy.Canary => "canary",
            _ => "all-at-once",
        },
    };
}
