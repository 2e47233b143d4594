using Microsoft.AspNetCore.Http;
using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Wire;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>The native endpoints that change what is said about datasets, and the one that erases content.</summary>
internal sealed class DatasetEditRoutes(Spine spine)
{
    private const string OneVersion = "datasets/{name}/versions/{version}";
    private const string Alias = "datasets/{name}/aliases/{alias}";
    private const string Tags = OneVersion + "/tags";

    public void Map(NativeRoutes native)
    {
        native.Put(new NativePath("datasets/{name}/description", "Describes a dataset anew."), Permission.Edit, (values, _) => Target.Dataset(values.First), (HttpContext context, RouteValues values, DescribeDatasetRequest wire, Caller caller) =>
            DescribeAsync(context, caller, new DescribeDataset(values.First, Version: null, DatasetText.Check(wire.Description, "description"), EntityTag.Seen(context.Request))));
        native.Put(new NativePath(OneVersion + "/description", "Describes a version anew."), Permission.Edit, (values, _) => Target.Dataset(values.First), (HttpContext context, RouteValues values, DescribeDatasetRequest wire, Caller caller) =>
            DescribeAsync(context, caller, new DescribeDataset(values.First, VersionOf(values), DatasetText.Check(wire.Description, "description"), EntityTag.Seen(context.Request))));
        native.Post(new NativePath(OneVersion + "/purge", "Erases the content of a version for good; its digests and what refers to it stay."), Permission.Admin, (_, _) => Target.Server, (RouteValues values, PurgeDatasetRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, new PurgeDatasetVersion(DatasetName.Check(values.First), VersionOf(values), DatasetText.Check(Require.Text(wire.Reason, "reason"), "reason")!), cancellationToken));
        MapNames(native);
    }

    private void MapNames(NativeRoutes native)
    {
        native.Put(new NativePath(Alias, "Points an alias to a version."), Permission.Edit, (values, _) => Target.Dataset(values.First), (RouteValues values, SetDatasetAliasRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, new SetDatasetAlias(values.First, DatasetText.CheckAlias(values.Second), SemanticVersion.Parse(Require.Text(wire.Version, "version")).Text), cancellationToken));
        native.Delete(new NativePath(Alias, "Takes an alias away."), Permission.Manage, (values, _) => Target.Dataset(values.First), (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, new SetDatasetAlias(values.First, DatasetText.CheckAlias(values.Second), Version: null), cancellationToken));
        native.Put(new NativePath(Tags, "Sets a tag of a version."), Permission.Edit, (values, _) => Target.Dataset(values.First), (RouteValues values, SetDatasetTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var tag = RegistryTags.Check(wire.Key, wire.Value);
            return spine.DoneAsync(caller, new SetDatasetTag(values.First, VersionOf(values), tag.Key, tag.Value), cancellationToken);
        });
        native.Delete(new NativePath(Tags, "Deletes a tag of a version."), Permission.Edit, (values, _) => Target.Dataset(values.First), (RouteValues values, DeleteDatasetTagRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.DoneAsync(caller, new SetDatasetTag(values.First, VersionOf(values), Require.Text(wire.Key, "key"), Value: null), cancellationToken));
    }

    private static string VersionOf(RouteValues values) => SemanticVersion.Parse(values.Second).Text;

    private async Task<EmptyResponse> DescribeAsync(HttpContext context, Caller caller, DescribeDataset request)
    {
        EntityTag.Set(context.Response, await spine.MakeAsync(caller, request, context.RequestAborted));
        return EmptyResponse.Value;
    }
}
