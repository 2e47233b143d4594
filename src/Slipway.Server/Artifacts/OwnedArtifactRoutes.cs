using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Store;
using Slipway.Wire.Artifacts;

namespace Slipway.Server.Artifacts;

/// <summary>The endpoints through which artifacts are reached by the run, logged model or model version that they belong to.</summary>
internal sealed class OwnedArtifactRoutes(Database database, ArtifactStore store)
{
    private const long UploadLimit = 10 << 20;

    /// <param name="table">Takes the two downloads that stand outside the API.</param>
    /// <param name="mlflow">Takes what every client may call.</param>
    /// <param name="browser">Takes what only pages call.</param>
    public void Map(RouteTable table, WireRoutes mlflow, WireRoutes browser)
    {
        mlflow.AndPreview().Get("artifacts/list", Permission.Read, (ListArtifactsRequest wire, Caller _, CancellationToken cancellationToken) =>
            ListAsync(wire.Path, reader => RunRootAsync(reader, Require.RunId(wire.RunId, wire.RunUuid), cancellationToken), cancellationToken));
        mlflow.Map<ListLoggedModelArtifactsRequest, ArtifactsResponse>(HttpMethods.Get, "logged-models/{model_id}/artifacts/directories", Permission.Read, (path, wire, _, cancellationToken) =>
            ListAsync(wire.ArtifactDirectoryPath, reader => LoggedModelRootAsync(reader, path.First, cancellationToken), cancellationToken));
        mlflow.Map<PresignUploadRequest, ArtifactsResponse>(HttpMethods.Post, "artifacts/presigned-upload-url", Permission.Edit, (_, wire, _, cancellationToken) => PresignAsync(wire, cancellationToken));
        browser.Add(HttpMethods.Post, "upload-artifact", Permission.Edit, (context, _) => UploadAsync(context));
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Head })
        {
            browser.Add(method, "logged-models/{model_id}/artifacts/files", Permission.Read, (context, values) =>
                SendAsync(context, "artifact_file_path", reader => LoggedModelRootAsync(reader, values.First, context.RequestAborted)));
            table.Add(new Route(method, "/get-artifact", Permission.Read, (context, _) => SendAsync(context, "path", reader => RunRootAsync(reader, RunIdOf(context), context.RequestAborted))));
            table.Add(new Route(method, "/model-versions/get-artifact", Permission.Read, (context, _) => SendAsync(context, "path", reader => VersionRootAsync(reader, context))));
        }
    }

    private static async Task<string> RunRootAsync(Reader reader, string runId, CancellationToken cancellationToken) =>
        (await Runs.GetAsync(reader, runId, cancellationToken)).ArtifactUri;

    private static async Task<string> LoggedModelRootAsync(Reader reader, string modelId, CancellationToken cancellationToken) =>
        (await LoggedModels.GetAsync(reader, modelId, cancellationToken)).ArtifactUri;

    private static async Task<string> VersionRootAsync(Reader reader, HttpContext context)
    {
        var name = Require.Text(QueryOf(context, "name"), "name");
        var version = ModelName.Version(QueryOf(context, "version"));
        return (await ModelVersions.GetAsync(reader, name, version, context.RequestAborted)).DownloadUri;
    }

    // Here, unlike elsewhere, clients expect a missing id to be an unknown run.
    private static string RunIdOf(HttpContext context) =>
        (QueryOf(context, "run_id") ?? QueryOf(context, "run_uuid")) is { } runId ? Require.RunId(runId) : throw Runs.Unknown("None");

    private static string? QueryOf(HttpContext context, string name)
    {
        var value = context.Request.Query[name] is [{ Length: > 0 } first, ..] ? first : null;
        return value?.Contains('\0', StringComparison.Ordinal) == true ? throw Fault.Invalid($"Invalid value for parameter '{name}': must be a text without NUL.") : value;
    }

    private static async Task<bool> IsEmptyAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync(context.RequestAborted);
        reader.AdvanceTo(read.Buffer.Start);
        return read.IsCompleted && read.Buffer.IsEmpty;
    }

    private async Task<ArtifactsResponse> ListAsync(string? path, Func<Reader, Task<string>> findRoot, CancellationToken cancellationToken)
    {
        var below = ArtifactPath.ParseFolder(path);
        var uri = await database.ReadAsync(findRoot, cancellationToken);
        var root = ArtifactUri.Get(uri);
        return new ArtifactsResponse(uri, ArtifactAnswers.List(store, root.Join(below), from: root));
    }

    private async Task SendAsync(HttpContext context, string parameter, Func<Reader, Task<string>> findRoot)
    {
        var below = ArtifactPath.Parse(Require.Text(QueryOf(context, parameter), parameter));
        var uri = await database.ReadAsync(findRoot, context.RequestAborted);
        await ArtifactAnswers.SendAsync(context, store, ArtifactUri.Get(uri).Join(below));
    }

    private async Task UploadAsync(HttpContext context)
    {
        var runId = Require.RunId(QueryOf(context, "run_uuid") ?? QueryOf(context, "run_id") ?? throw Fault.Invalid("Request must specify run_uuid."));
        var below = ArtifactPath.Parse(QueryOf(context, "path") ?? throw Fault.Invalid("Request must specify path."));
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = UploadLimit;
        if (await IsEmptyAsync(context))
        {
            throw Fault.Invalid("Request must specify data.");
        }

        var uri = await database.ReadAsync(reader => RunRootAsync(reader, runId, context.RequestAborted), context.RequestAborted);
        await store.WriteAsync(ArtifactUri.Get(uri).Join(below), context.Request.BodyReader.AsStream(), context.RequestAborted);
    }

    private async Task<ArtifactsResponse> PresignAsync(PresignUploadRequest wire, CancellationToken cancellationToken)
    {
        var runId = Require.RunId(wire.RunId);
        ArtifactPath.Parse(Require.Text(wire.Path, "path"));
        var uri = await database.ReadAsync(reader => RunRootAsync(reader, runId, cancellationToken), cancellationToken);
        throw ArtifactUri.Find(uri) is null
            ? Fault.NotImplemented("This server signs no uploads.")
            : Fault.Invalid("The artifacts of this run are uploaded through this server; there is nothing to sign.");
    }
}
