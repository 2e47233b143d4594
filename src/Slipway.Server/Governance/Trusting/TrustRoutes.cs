using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Auditing;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Trusting;

/// <summary>The endpoints by which someone answers for the code in a version's files.</summary>
internal sealed class TrustRoutes(Spine spine)
{
    private const string Path = "models/{name}/versions/{version}/trust";

    private readonly FileObserver _files = new(spine);

    public void Map(NativeRoutes native)
    {
        native.Post(new NativePath(Path, "Says that the code in a version's files may run, for a reason."), Permission.Admin, (_, _) => Target.Server, async (RouteValues path, ReasonRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var request = TrustVersion.Decode(path.First, path.Second, wire);
            return await spine.MakeAsync(caller, request with { Observed = await ObserveAsync(caller, request, cancellationToken) }, cancellationToken);
        });
        native.Delete(new NativePath(Path, "Takes the trust in a version's code back."), Permission.Admin, (_, _) => Target.Server, (RouteValues path, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.MakeAsync(caller, new DistrustVersion(path.First, ModelName.Version(path.Second)), cancellationToken));
        native.Get(new NativePath(Path, "Says who answers for the code in a version's files."), Permission.Read, (path, _) => Target.Model(path.First), (RouteValues path, PathRequest _, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, reader => ShowAsync(reader, path, cancellationToken), cancellationToken));
    }

    public static Fault NotTrusted(ModelVersionRow version) => Fault.NotFound($"Nobody has said that they trust version {version.Version} of '{version.Name}'.");

    private static async Task<VersionTrust> ShowAsync(Reader reader, RouteValues path, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(reader, path.First, ModelName.Version(path.Second), cancellationToken);
        var trust = await Trusts.FindAsync(reader, version.Id, cancellationToken) ?? throw NotTrusted(version);
        return trust.ToWire(version.Name, RegistryEvents.Digits(version.Version));
    }

    // Not for callers whom the change will refuse: that is found out again there, and put on record.
    private async Task<ObservedFiles?> ObserveAsync(Caller caller, TrustVersion request, CancellationToken cancellationToken)
    {
        try
        {
            var version = await spine.ReadAsync(caller, reader => ModelVersions.FindAsync(reader, request.Name, request.Version, cancellationToken), cancellationToken);
            return version is null ? null : await _files.ObserveAsync(version, cancellationToken);
        }
        catch (RefusedException)
        {
            return null;
        }
    }
}
