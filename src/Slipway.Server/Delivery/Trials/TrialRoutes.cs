using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Wire.Delivery;

namespace Slipway.Server.Delivery.Trials;

/// <summary>The endpoints that start and stop trials; what they came to is shown with the rollouts and the tests.</summary>
internal sealed class TrialRoutes(Spine spine)
{
    public void Map(NativeRoutes native)
    {
        native.Post(new NativePath("models/{name}/versions/{version}/trials", "Serves a version of an earlier stage beside the stable one for a time; no stage changes, and it ends in the test a_b_test."), Permission.Promote, (path, _) => Target.Model(path.First), async (RouteValues path, StartTrialRequest wire, Caller caller, CancellationToken cancellationToken) =>
            DeploymentRoutes.ToWire(await spine.MakeAsync(caller, StartTrial.Decode(path.First, path.Second, wire), cancellationToken)));
        native.Post(new NativePath("models/{name}/trials/stop", "Ends a trial before its time; no test is recorded."), Permission.Promote, (path, _) => Target.Model(path.First), async (RouteValues path, StopTrialRequest wire, Caller caller, CancellationToken cancellationToken) =>
            DeploymentRoutes.ToWire(await spine.MakeAsync(caller, StopTrial.Decode(path.First, wire), cancellationToken)));
    }
}
