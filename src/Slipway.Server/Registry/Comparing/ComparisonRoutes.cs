using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Auditing;

namespace Slipway.Server.Registry.Comparing;

/// <summary>The endpoint that compares versions.</summary>
internal static class ComparisonRoutes
{
    public static void Map(NativeRoutes native, Spine spine) =>
        native.Get<VersionDiffRequest, VersionDiff>(new("models/{name}/diff", "Compares two versions of a model: params, metrics, data, tests, files and signature."), Permission.Read, (values, _) => Target.Model(values.First), async (values, wire, caller, cancellationToken) =>
        {
            var (name, a, b) = (values.First, ModelName.Version(Checks.Require.Text(wire.A, "a")), ModelName.Version(Checks.Require.Text(wire.B, "b")));
            var (one, other) = await spine.ReadAsync(caller, async reader =>
            {
                var who = (spine.Rights, caller);
                return (await LoadAsync(reader, a), await LoadAsync(reader, b));

                async Task<VersionContents> LoadAsync(Reader reader, long number)
                {
                    var version = await ModelVersions.GetAsync(reader, name, number, cancellationToken);
                    return await VersionContents.LoadAsync(reader, who, (version, spine.Places.Find(version.DownloadUri)), cancellationToken);
                }
            }, cancellationToken);
            await one.ReadSignatureAsync(spine.Artifacts, cancellationToken);
            await other.ReadSignatureAsync(spine.Artifacts, cancellationToken);
            return VersionComparison.Of(one, other);
        });
}
