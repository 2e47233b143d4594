using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Store;
using Slipway.Wire.Artifacts;

namespace Slipway.Server.Artifacts;

/// <summary>The endpoints through which artifacts are reached by the run, logged model or model version that they belong to.</summary>
internal sealed class OwnedArtifactRoutes(Spine spine)
{
    private const long UploadLimit = 10 << 20;

    /// <param name="root">Takes the two downloads that stand outside the API.</param>
    /// <param name="mlflow">Takes what every client may call.</param>
    /// <param name="browser">Takes what only pages call.</param>
    public void Map(WireRoutes root, WireRoutes mlflow, WireRoutes browser)
    {
        mlflow.AndPreview().Get("artifacts/list", Permission.Read, wire => Target.Run(Require.RunId(wire.RunId, wire.RunUuid)), (ListArtifactsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            ListAsync(caller, wire.Path, reader => RunRootAsync(reader, Require.RunId(wire.RunId, wire.RunUuid), cancellationToken), cancellationToken));
        mlflow.Map<ListLoggedModelArtifactsRequest, ArtifactsResponse>(HttpMethods.Get, "logged-models/{model_id}/artifacts/directories", Permission.Read, (path, _) => Target.LoggedModel(path.First), (path, wire, caller, cancellationToken) =>
            ListAsync(caller, wire.ArtifactDirectoryPath, reader => LoggedModelRootAsync(reader, path.First, cancellationToken), cancellationToken));
        mlflow.Map<PresignUploadRequest, ArtifactsResponse>(HttpMethods.Post, "artifacts/presigned-upload-url", Permission.Edit, (_, wire) => Target.Run(Require.RunId(wire.RunId)), (_, wire, caller, cancellationToken) => PresignAsync(caller, wire, cancellationToken));
        browser.Add(HttpMethods.Post, "upload-artifact", Permission.Edit, (context, _) => Target.Run(UploadedTo(context)), (context, _, caller) => UploadAsync(context, caller));
        foreach (var method in new[] { HttpMethods.Get, HttpMethods.Head })
        {
            browser.Add(method, "logged-models/{model_id}/artifacts/files", Permission.Read, (_, values) => Target.LoggedModel(values.First), (context, values, caller) =>
                SendAsync(context, caller, "artifact_file_path", reader => LoggedModelRootAsync(reader, values.First, context.RequestAborted)));
            root.Add(method, "get-artifact", Permission.Read, (context, _) => Target.Run(RunIdOf(context)), (context, _, caller) =>
                SendAsync(context, caller, "path", reader => RunRootAsync(reader, RunIdOf(context), context.RequestAborted)));
            root.Add(method, "model-versions/get-artifact", Permission.Read, (context, _) => Target.Model(Require.Text(QueryOf(context, "name"), "name")), (context, _, caller) => SendVersionFileAsync(context, caller));
        }
    }

    private static async Task<string> RunRootAsync(Reader reader, string runId, CancellationToken cancellationToken) =>
        (await Runs.GetAsync(reader, runId, cancellationToken)).ArtifactUri;

    private static async Task<string> LoggedModelRootAsync(Reader reader, string modelId, CancellationToken cancellationToken) =>
        (await LoggedModels.GetAsync(reader, modelId, cancellationToken)).ArtifactUri;

    // Here, unlike elsewhere, clients expect a missing id to be an unknown run.
    private static string RunIdOf(HttpContext context) =>
        (QueryOf(context, "run_id") ?? QueryOf(context, "run_uuid")) is { } runId ? Require.RunId(runId) : throw Runs.Unknown("None");

    private static string UploadedTo(HttpContext context) =>
        Require.RunId(QueryOf(context, "run_uuid") ?? QueryOf(context, "run_id") ?? throw Fault.Invalid("Request must specify run_uuid."));

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

    private async Task<ArtifactsResponse> ListAsync(Caller caller, string? path, Func<Reader, Task<string>> findRoot, CancellationToken cancellationToken)
    {
        var below = ArtifactPath.ParseFolder(path);
        var uri = await spine.ReadAsync(caller, findRoot, cancellationToken);
        var root = spine.Places.Get(uri);
        return new ArtifactsResponse(uri, await ArtifactAnswers.ListAsync(spine.Artifacts, root.Join(below), from: root, cancellationToken));
    }

    private async Task SendAsync(HttpContext context, Caller caller, string parameter, Func<Reader, Task<string>> findRoot)
    {
        var below = ArtifactPath.Parse(Require.Text(QueryOf(context, parameter), parameter));
        var uri = await spine.ReadAsync(caller, findRoot, context.RequestAborted);
        await ArtifactAnswers.SendAsync(context, spine.Artifacts, spine.Places.Get(uri).Join(below));
    }

    private async Task SendVersionFileAsync(HttpContext context, Caller caller)
    {
        var below = ArtifactPath.Parse(Require.Text(QueryOf(context, "path"), "path"));
        var name = Require.Text(QueryOf(context, "name"), "name");
        var number = ModelName.Version(QueryOf(context, "version"));
        var version = await spine.ReadAsync(caller, reader => ModelVersions.GetAsync(reader, name, number, context.RequestAborted), context.RequestAborted);
        await ArtifactAnswers.SendAsync(context, spine.Artifacts, spine.Places.Get(version.DownloadUri).Join(below), version.Id);
    }

    private async Task UploadAsync(HttpContext context, Caller caller)
    {
        var runId = UploadedTo(context);
        var below = ArtifactPath.Parse(QueryOf(context, "path") ?? throw Fault.Invalid("Request must specify path."));
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = UploadLimit;
        if (await IsEmptyAsync(context))
        {
            throw Fault.Invalid("Request must specify data.");
        }

        var uri = await spine.ReadAsync(caller, reader => RunRootAsync(reader, runId, context.RequestAborted), context.RequestAborted);
        var path = spine.Places.Get(uri).Join(below);
        await spine.Artifacts.WriteAsync(path, context.Request.BodyReader.AsStream(), context.RequestAborted);
    }

    private async Task<ArtifactsResponse> PresignAsync(Caller caller, PresignUploadRequest wire, CancellationToken cancellationToken)
    {
        var runId = Require.RunId(wire.RunId);
        ArtifactPath.Parse(Require.Text(wire.Path, "path"));
        var uri = await spine.ReadAsync(caller, reader => RunRootAsync(reader, runId, cancellationToken), cancellationToken);
        throw spine.Places.Find(uri) is not { IsInBucket: false }
            ? Fault.NotImplemented("This server signs no uploads.")
            : Fault.Invalid("The artifacts of this run are uploaded through this server; there is nothing to sign.");
    }
}
