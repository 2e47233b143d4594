using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Artifacts;
using Slipway.Server.Auditing;
using Slipway.Server.Content;
using Slipway.Server.Datasets;
using Slipway.Server.Delivery;
using Slipway.Server.Delivery.Testing;
using Slipway.Server.Delivery.Trials;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Guarding;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Governance.Trusting;
using Slipway.Server.Identity;
using Slipway.Server.Lineage;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Registry.Comparing;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Wire;

namespace Slipway.Server;

/// <summary>Everything that the server answers, feature by feature.</summary>
internal static class ServerRoutes
{
    /// <summary>What 3.x clients read to learn whether spans can be sent here: below 3.4 they can't.</summary>
    private const string ContractVersion = "3.3.0";

    public static async Task<RouteTable> BuildAsync(Spine spine, FrontDesk desk, ServerOptions options, CancellationToken cancellationToken)
    {
        await CreateDefaultExperiment.EnsureAsync(spine, cancellationToken);

        var table = new RouteTable(options.StaticPrefix, new Doorman(desk));
        MapProbes(table);
        NativeDescription.Map(table, options.StaticPrefix);
        var browser = new WireRoutes(table, "/ajax-api/2.0/mlflow/");
        var mlflow = new WireRoutes(table, "/api/2.0/mlflow/", "/ajax-api/2.0/mlflow/");
        ExperimentRoutes.Map(mlflow, spine);
        RunRoutes.Map(mlflow, spine);
        RunRoutes.MapHistory(mlflow, browser, new MetricHistory(spine));
        RunSearchRoutes.Map(mlflow, browser, spine);
        ExperimentSearchRoutes.Map(mlflow, spine);
        LoggedModelSearchRoutes.Map(mlflow, spine);
        RegistrySearchRoutes.Map(mlflow, spine);
        LoggedModelRoutes.Map(mlflow, spine);
        var files = new FileObserver(spine);
        RegisteredModelRoutes.Map(mlflow, spine, (model, texts) => new PipelineStages(model, texts), files.ObserveForPromoterAsync);
        ModelVersionRoutes.Map(mlflow, spine, new ModelSources(spine, options.SourceRegex), (files.ObserveForPromoterAsync, new ServedTransitions(spine).MakeAsync));
        ProxyRoutes.Map(table, spine);
        new OwnedArtifactRoutes(spine).Map(new WireRoutes(table, "/"), mlflow, browser);
        UserRoutes.Map(mlflow, spine, desk);
        new PermissionRoutes(spine).Map(mlflow);
        var native = new NativeRoutes(table, spine);
        PeopleRoutes.Map(native, spine, desk);
        GroupRoutes.Map(native, spine, desk);
        new GrantRoutes(spine).Map(native);
        AuditRoutes.Map(native, spine, spine.Checkpoints);
        ComparisonRoutes.Map(native, spine);
        VersionFileRoutes.Map(native, spine);
        MapGovernance(native, spine, files);
        new LineageRoutes(spine).Map(native);
        new EnvironmentRoutes(spine).Map(native);
        new TestRunRoutes(spine).Map(native);
        new DeploymentRoutes(spine, environment => spine.Keeper?.StateOf(environment)).Map(native);
        new TrialRoutes(spine).Map(native);
        ContentRoutes.Map(native, spine);
        MapDatasets(native, spine);
        new UploadRoutes(spine).Map(native);
        return table;
    }

    private static void MapGovernance(NativeRoutes native, Spine spine, FileObserver files)
    {
        new PipelineRoutes(spine).Map(native);
        TestRoutes.Map(native, spine);
        new CheckRoutes(spine, files, new PromotionLookup(Promotions.FindOpenAsync, new PromotionRights(spine.Rights).MayPromoteAsync)).Map(native);
        new PromotionRoutes(spine).Map(native);
        new StageRoutes(spine, new AbandonRollout(spine).TryAsync).Map(native);
        new TrustRoutes(spine).Map(native);
        FreezeRoutes.Map(native, spine);
    }

    private static void MapDatasets(NativeRoutes native, Spine spine)
    {
        new DatasetRoutes(spine).Map(native);
        new DatasetUploadRoutes(spine).Map(native);
        DatasetDownloadRoutes.Map(native, spine);
        new DatasetEditRoutes(spine).Map(native);
    }

    private static void MapProbes(RouteTable table)
    {
        AddText(table, "/health", Permission.None, "OK");
        AddText(table, "/version", Permission.Known, ContractVersion);
        AddText(table, "/", Permission.None, "Slipway is running. Point an MLflow client at this address: MLFLOW_TRACKING_URI.");
        foreach (var prefix in new[] { "/api/3.0/mlflow/", "/ajax-api/3.0/mlflow/" })
        {
            table.Add(new Route(HttpMethods.Get, prefix + "server-info", Permission.Known, (context, _, _) => Answer.WriteAsync(context, new ServerInfoResponse("SqlStore", WorkspacesEnabled: false))));
        }
    }

    private static void AddText(RouteTable table, string path, Permission permission, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Head })
        {
            table.Add(new Route(method, path, permission, async (context, _, _) =>
            {
                context.Response.ContentType = "text/plain; charset=utf-8";
                context.Response.ContentLength = bytes.Length;
                if (method == HttpMethods.Get)
                {
                    await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
                }
            }));
        }
    }
}
