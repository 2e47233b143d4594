using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance;

/// <summary>The endpoints of tests as evidence.</summary>
internal static class TestRoutes
{
    private const string Path = "models/{name}/versions/{version}/tests";
    private const long PageLimit = 1000;

    public static void Map(NativeRoutes native, Spine spine)
    {
        native.Post(new NativePath(Path, "Puts the result of a test of a version on record."), Permission.Edit, (values, _) => Target.Model(values.First), async (RouteValues values, RecordTestRequest wire, Caller caller, CancellationToken cancellationToken) =>
            new TestResponse((await spine.MakeAsync(caller, RecordTest.Decode(values.First, values.Second, wire), cancellationToken)).ToWire()));
        native.Get(new NativePath(Path, "Lists the results of a version's tests, the last recorded first."), Permission.Read, (values, _) => Target.Model(values.First), (RouteValues values, ListTestsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            ListAsync((spine, caller), values, wire, cancellationToken));
    }

    private static Task<TestsResponse> ListAsync((Spine Spine, Caller Caller) on, RouteValues values, ListTestsRequest wire, CancellationToken cancellationToken)
    {
        var (name, number, limit) = (values.First, ModelName.Version(values.Second), wire.Limit ?? 100);
        if (limit is < 1 or > PageLimit)
        {
            throw Fault.Invalid($"Invalid value {limit} for parameter 'limit': it must be between 1 and {PageLimit}.");
        }

        return on.Spine.ReadAsync(on.Caller, async reader =>
        {
            var version = await ModelVersions.GetAsync(reader, name, number, cancellationToken);
            var query = new TestQuery(version.Id, string.IsNullOrEmpty(wire.Name) ? null : wire.Name, wire.Before ?? long.MaxValue, limit + 1);
            var found = await TestResults.ListAsync(reader, query, cancellationToken);
            var page = found.Take((int)limit).Select(result => result.ToWire()).ToList();
            return new TestsResponse(page, found.Count > limit ? page[^1].Id : null);
        }, cancellationToken);
    }
}
