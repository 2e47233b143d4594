using Slipway.Server.Artifacts;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Native;

namespace Slipway.Server.Registry;

/// <summary>The endpoint that tells what a version consists of.</summary>
internal static class VersionFileRoutes
{
    private const long PageLimit = 1000;

    public static void Map(NativeRoutes native, Spine spine) =>
        native.Get<ListVersionFilesRequest, VersionFilesResponse>(
            new("models/{name}/versions/{version}/files", "Lists the files of a version as they were registered, with their digests."),
            Permission.Read,
            (values, _) => Target.Model(values.First),
            (values, wire, caller, cancellationToken) => spine.ReadAsync(caller, async reader => await ListAsync((reader, spine.Places), values, wire, cancellationToken), cancellationToken));

    private static async Task<VersionFilesResponse> ListAsync((Reader Reader, ArtifactPlaces Places) from, RouteValues values, ListVersionFilesRequest wire, CancellationToken cancellationToken)
    {
        var size = (wire.Limit ?? PageLimit) is >= 1 and <= PageLimit and var limit ? limit : throw Fault.Invalid($"'limit' must be between 1 and {PageLimit}.");
        var reader = from.Reader;
        var version = await ModelVersions.GetAsync(reader, values.First, ModelName.Version(values.Second), cancellationToken);
        var (files, next) = NamePage.Cut(await VersionFiles.ListAsync(reader, version.Id, (wire.After ?? "", size + 1), cancellationToken), size, file => file.Path);
        return new VersionFilesResponse(from.Places.Find(version.DownloadUri)?.Text, version.DownloadUri, [.. files.Select(file => new VersionFile(file.Path, file.Size, file.Sha256))], next);
    }
}
