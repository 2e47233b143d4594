using Slipway.Server.Checks;
using Slipway.Server.Datasets;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Lineage;

namespace Slipway.Server.Lineage;

/// <summary>The native endpoints that ask what was made from what.</summary>
internal sealed class LineageRoutes(Spine spine)
{
    private const string OneDatasetVersion = "datasets/{name}/versions/{version}";

    public void Map(NativeRoutes native)
    {
        native.Get(new NativePath(OneDatasetVersion + "/lineage", "Tells what was trained on a version of a dataset."), Permission.Read, (values, _) => Target.Dataset(values.First), (RouteValues values, LineageRequest wire, Caller caller, CancellationToken cancellationToken) =>
            AnswerAsync(caller, wire, async reader => new LineageNode(NodeKind.DatasetVersion, (await VersionAsync(reader, values, cancellationToken)).Id), cancellationToken));
        native.Get(new NativePath("models/{name}/versions/{version}/lineage", "Tells what a model version was made from."), Permission.Read, (values, _) => Target.Model(values.First), (RouteValues values, LineageRequest wire, Caller caller, CancellationToken cancellationToken) =>
            AnswerAfterLookAsync(caller, wire, reader => ModelVersionAsync(reader, values, cancellationToken), cancellationToken));
        native.Get(new NativePath("runs/{run}/lineage", "Tells what a run used and what it made."), Permission.Read, (values, _) => Target.Run(values.First), (RouteValues values, LineageRequest wire, Caller caller, CancellationToken cancellationToken) =>
            AnswerAfterLookAsync(caller, wire, reader => RunAsync(reader, values.First, cancellationToken), cancellationToken));
        native.Get(new NativePath("logged-models/{id}/lineage", "Tells what a logged model was made from and went into."), Permission.Read, (values, _) => Target.LoggedModel(values.First), (RouteValues values, LineageRequest wire, Caller caller, CancellationToken cancellationToken) =>
            AnswerAsync(caller, wire, async reader => new LineageNode(NodeKind.LoggedModel, (await LoggedModels.GetAsync(reader, values.First, cancellationToken)).Id), cancellationToken));
        MapUses(native);
        MapRecalls(native);
    }

    private void MapUses(NativeRoutes native)
    {
        native.Get(new NativePath("runs/{run}/datasets", "Lists the versions of datasets that a run used."), Permission.Read, (values, _) => Target.Run(values.First), (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            ListAsync(caller, values.First, cancellationToken));
        native.Post(new NativePath("runs/{run}/datasets", "Says that a run uses a version of a dataset."), Permission.Edit, (values, _) => Target.Run(values.First), (RouteValues values, UseDatasetRequest wire, Caller caller, CancellationToken cancellationToken) =>
            UseAsync(caller, values.First, wire, cancellationToken));
    }

    private void MapRecalls(NativeRoutes native)
    {
        native.Post(new NativePath(OneDatasetVersion + "/recall", "Says that a version of a dataset is not to be used any more."), Permission.Manage, (values, _) => Target.Dataset(values.First), (RouteValues values, RecallDatasetRequest wire, Caller caller, CancellationToken cancellationToken) =>
            RecallAsync(caller, values, (wire, true), cancellationToken));
        native.Post(new NativePath(OneDatasetVersion + "/reinstate", "Takes back that a version of a dataset was recalled."), Permission.Manage, (values, _) => Target.Dataset(values.First), (RouteValues values, RecallDatasetRequest wire, Caller caller, CancellationToken cancellationToken) =>
            RecallAsync(caller, values, (wire, false), cancellationToken));
    }

    private static Task<DatasetVersionRow> VersionAsync(Reader reader, RouteValues values, CancellationToken cancellationToken) =>
        DatasetVersions.GetAsync(reader, DatasetReference.Of(values.First, values.Second), cancellationToken);

    private static async Task<(LineageNode Node, string RunId)> RunAsync(Reader reader, string runId, CancellationToken cancellationToken)
    {
        var run = await Runs.GetAsync(reader, runId, cancellationToken);
        return (new LineageNode(NodeKind.Run, run.Id), run.RunId);
    }

    private static async Task<(LineageNode Node, string RunId)> ModelVersionAsync(Reader reader, RouteValues values, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(reader, values.First, ModelName.Version(values.Second), cancellationToken);
        return (new LineageNode(NodeKind.ModelVersion, version.Id), version.RunId);
    }

    private async Task<RunDatasetsResponse> ListAsync(Caller caller, string runId, CancellationToken cancellationToken)
    {
        var run = await spine.ReadAsync(caller, reader => Runs.GetAsync(reader, runId, cancellationToken), cancellationToken);
        await spine.Manifests.LookAsync(run.RunId, cancellationToken);
        return await spine.ReadAsync(caller, reader => RunDatasets.ListAsync(reader, (spine.Rights, caller.Principal), run, cancellationToken), cancellationToken);
    }

    private async Task<LineageResponse> AnswerAfterLookAsync(Caller caller, LineageRequest wire, Func<Reader, Task<(LineageNode Node, string RunId)>> find, CancellationToken cancellationToken)
    {
        var (node, runId) = await spine.ReadAsync(caller, find, cancellationToken);
        await spine.Manifests.LookAsync(runId, cancellationToken);
        return await AnswerAsync(caller, wire, _ => Task.FromResult(node), cancellationToken);
    }

    private Task<LineageResponse> AnswerAsync(Caller caller, LineageRequest wire, Func<Reader, Task<LineageNode>> find, CancellationToken cancellationToken)
    {
        var walk = wire.Direction switch
        {
            "up" => LineageGraph.UpAsync,
            "down" => LineageGraph.DownAsync,
            null or "" or "both" => (Func<Reader, LineageNode, CancellationToken, Task<LineageGraph>>)LineageGraph.BothAsync,
            var other => throw Fault.Invalid($"Invalid value '{Text.Shorten(other)}' for parameter 'direction': it must be up, down or both."),
        };
        return spine.ReadAsync(caller, async reader =>
        {
            var start = await find(reader);
            var graph = await walk(reader, start, cancellationToken);
            return (await LineageView.OfAsync(reader, (spine.Rights, caller.Principal), graph.Nodes, cancellationToken)).ToWire(graph, start);
        }, cancellationToken);
    }

    private async Task<RunDatasetsResponse> UseAsync(Caller caller, string runId, UseDatasetRequest wire, CancellationToken cancellationToken)
    {
        var used = await UseDataset.Decode(runId, wire).WriteAsync(spine, caller, cancellationToken);
        if (wire.Manifest == true)
        {
            await RunDatasets.WriteManifestAsync(spine, used, cancellationToken);
        }

        return await spine.ReadAsync(caller, reader => RunDatasets.ListAsync(reader, (spine.Rights, caller.Principal), used.Run, cancellationToken), cancellationToken);
    }

    private async Task<DatasetRecall> RecallAsync(Caller caller, RouteValues values, (RecallDatasetRequest Request, bool IsRecalled) asked, CancellationToken cancellationToken)
    {
        var (version, dependents) = await spine.ReadAsync(caller, async reader =>
        {
            var found = await VersionAsync(reader, values, cancellationToken);
            return (found, await RecallView.DependentsAsync(reader, found.Id, cancellationToken));
        }, cancellationToken);
        var row = await spine.MakeAsync(caller, RecallDataset.Decode(version, asked.Request, asked.IsRecalled) with { Dependents = dependents }, cancellationToken);
        return await spine.ReadAsync(caller, reader => RecallView.OfAsync(reader, (spine.Rights, caller.Principal), row, cancellationToken), cancellationToken);
    }
}
