using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Wire;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>The native endpoints that take versions of datasets in.</summary>
internal sealed class DatasetUploadRoutes(Spine spine)
{
    private const string Drafts = "datasets/{name}/drafts";

    private readonly DatasetUploads _uploads = new(spine);

    public void Map(NativeRoutes native)
    {
        native.Post(new NativePath(Drafts, "Begins to send a version; nobody sees it before it is complete."), Permission.Edit, (values, _) => Target.Dataset(values.First), async (RouteValues values, BeginDatasetDraftRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var draft = await _uploads.BeginAsync(caller, values.First, wire, cancellationToken);
            return new DatasetDraft(draft.Id, draft.Version);
        });
        native.Add<PutDatasetFileRequest, DatasetFile>(HttpMethods.Put, new NativePath(Drafts + "/{draft}/file", "Stores the body as a file of a version that is being sent."), Permission.Edit, (_, values) => Target.Dataset(values.First), async (context, values, wire, caller) =>
        {
            var draft = new DraftReference(values.First, values.Second, caller.Name);
            var file = await _uploads.ReceiveAsync(caller, draft, IncomingFile.Of(context, wire.Path, wire.Format), context.RequestAborted);
            await Answer.WriteAsync(context, DatasetViews.ToWire(file));
        });
        native.Delete(new NativePath(Drafts + "/{draft}", "Forgets a version that was being sent."), Permission.Edit, (values, _) => Target.Dataset(values.First), async (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
        {
            await _uploads.ForgetAsync(caller, values.Second, cancellationToken);
            return EmptyResponse.Value;
        });
        native.Post(new NativePath("datasets/{name}/versions", "Makes what was sent a version, all at once; the same content again changes nothing."), Permission.Edit, (values, _) => Target.Dataset(values.First), (RouteValues values, AddDatasetVersionRequest wire, Caller caller, CancellationToken cancellationToken) =>
            _uploads.CompleteAsync(caller, AddDatasetVersion.Decode(values.First, wire), cancellationToken));
        native.Add<PutDatasetVersionRequest, AddedDatasetVersion>(HttpMethods.Put, new NativePath("datasets/{name}/versions/{version}", "Makes the body the only file of a version."), Permission.Edit, (_, values) => Target.Dataset(values.First), async (context, values, wire, caller) =>
            await Answer.WriteAsync(context, await _uploads.AddAsync(caller, (values.First, values.Second), wire, IncomingFile.Of(context, wire.Path, wire.Format), context.RequestAborted)));
    }
}
