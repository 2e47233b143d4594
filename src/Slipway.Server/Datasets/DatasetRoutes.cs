using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>The native endpoints that show datasets. Where a path names a version, an alias or <c>latest</c> will do.</summary>
internal sealed class DatasetRoutes(Spine spine)
{
    private const string One = "datasets/{name}";
    private const string OneVersion = "datasets/{name}/versions/{version}";
    private const long UsualFiles = 1000;
    private const long MostFiles = 10_000;

    private readonly DatasetDiffs _diffs = new(spine);

    public void Map(NativeRoutes native)
    {
        native.Get(new NativePath("datasets", "Lists the datasets that the caller may read, by name."), Permission.Known, (_, _) => Target.Server, (RouteValues _, ListDatasetsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, reader => ListAsync(reader, caller, wire, cancellationToken), cancellationToken));
        native.Get(new NativePath(One, "Shows a dataset."), Permission.Read, (values, _) => Target.Dataset(values.First), (HttpContext context, RouteValues values, EmptyResponse _, Caller caller) =>
            spine.ReadAsync(caller, async reader =>
            {
                var row = await KnownDatasets.GetAsync(reader, values.First, context.RequestAborted);
                EntityTag.Set(context.Response, row.Revision);
                return await DatasetViews.ShowAsync(reader, row, context.RequestAborted);
            }, context.RequestAborted));
        native.Get(new NativePath("datasets/{name}/versions", "Lists the versions of a dataset, the highest precedence first."), Permission.Read, (values, _) => Target.Dataset(values.First), (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, async reader => await DatasetViews.ListAsync(reader, await KnownDatasets.GetAsync(reader, values.First, cancellationToken), cancellationToken), cancellationToken));
        native.Get(new NativePath("datasets/{name}/diff", "Compares two versions: files, and a table's schema, rows and statistics."), Permission.Read, (values, _) => Target.Dataset(values.First), (RouteValues values, DatasetDiffRequest wire, Caller caller, CancellationToken cancellationToken) =>
            _diffs.CompareAsync(caller, DiffQuery.Decode(values.First, wire), cancellationToken));
        MapVersion(native);
    }

    private void MapVersion(NativeRoutes native)
    {
        native.Get(new NativePath(OneVersion, "Shows a version of a dataset."), Permission.Read, (values, _) => Target.Dataset(values.First), (HttpContext context, RouteValues values, EmptyResponse _, Caller caller) =>
            spine.ReadAsync(caller, async reader =>
            {
                var row = await GetAsync(reader, values, context.RequestAborted);
                EntityTag.Set(context.Response, row.Revision);
                return await DatasetViews.ShowAsync(reader, row, context.RequestAborted);
            }, context.RequestAborted));
        native.Get(new NativePath(OneVersion + "/files", "Lists the files of a version."), Permission.Read, (values, _) => Target.Dataset(values.First), (RouteValues values, ListDatasetFilesRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, async reader => await FilesAsync(reader, await GetAsync(reader, values, cancellationToken), wire, cancellationToken), cancellationToken));
        native.Get(new NativePath(OneVersion + "/statistics", "Tells what is known of a table's columns."), Permission.Read, (values, _) => Target.Dataset(values.First), (RouteValues values, DatasetStatisticsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, async reader => await StatisticsAsync(reader, (await GetAsync(reader, values, cancellationToken)).Kept(), wire.Path, cancellationToken), cancellationToken));
    }

    private static Task<DatasetVersionRow> GetAsync(Reader reader, RouteValues values, CancellationToken cancellationToken) =>
        DatasetVersions.GetAsync(reader, DatasetReference.Of(values.First, values.Second), cancellationToken);

    private async Task<DatasetsResponse> ListAsync(Reader reader, Caller caller, ListDatasetsRequest wire, CancellationToken cancellationToken)
    {
        var size = NamePage.Size(wire.Limit);
        var (rows, next) = NamePage.Cut(await KnownDatasets.ListAsync(reader, KnownDatasets.Readable(spine.Rights, caller), (wire.After ?? "", size + 1), cancellationToken), size, row => row.Name);
        var shown = new List<RegisteredDataset>(rows.Count);
        foreach (var row in rows)
        {
            shown.Add(await DatasetViews.ShowAsync(reader, row, cancellationToken));
        }

        return new DatasetsResponse(shown, next);
    }

    private static async Task<DatasetFilesResponse> FilesAsync(Reader reader, DatasetVersionRow version, ListDatasetFilesRequest wire, CancellationToken cancellationToken)
    {
        var size = (wire.Limit ?? UsualFiles) is >= 1 and <= MostFiles and var limit ? limit : throw Fault.Invalid($"'limit' must be between 1 and {MostFiles}.");
        var (rows, next) = NamePage.Cut(await DatasetFiles.ListAsync(reader, version.Id, (wire.After ?? "", size + 1), cancellationToken), size, row => row.Path);
        return new DatasetFilesResponse([.. rows.Select(DatasetViews.ToWire)], next);
    }

    private static async Task<DatasetStatistics> StatisticsAsync(Reader reader, DatasetVersionRow version, string? path, CancellationToken cancellationToken)
    {
        var table = await TableAsync(reader, version, path, cancellationToken);
        var profile = await DatasetFiles.ProfileAsync(reader, version.Id, table.Path, cancellationToken);
        return new DatasetStatistics(table.Path, profile!.Rows, profile.Digest, [.. profile.Columns.Select(DatasetViews.ToWire)]);
    }

    /// <summary>The table that is meant: the one of a path, or the only one.</summary>
    /// <exception cref="Fault">There is none, or it takes a path to say which.</exception>
    public static async Task<DatasetFileRow> TableAsync(Reader reader, DatasetVersionRow version, string? path, CancellationToken cancellationToken)
    {
        var tables = await DatasetFiles.TablesAsync(reader, version.Id, cancellationToken);
        return string.IsNullOrEmpty(path)
            ? tables switch
            {
                [var only] => only,
                [] => throw Fault.NotFound($"{version.Reference} holds no table: only CSV, TSV and JSON Lines are read as such."),
                _ => throw Fault.Invalid($"{version.Reference} holds {tables.Count} tables. Name one by its path, such as '{tables[0].Path}'."),
            }
            : tables.Find(table => table.Path == path) ?? throw Fault.NotFound($"{version.Reference} holds no table '{Checks.Text.Shorten(path)}'.");
    }
}
