using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance;

/// <summary>The endpoint that says whether a version may enter a stage.</summary>
internal sealed class CheckRoutes(Spine spine, FileObserver files, PromotionLookup promotions)
{
    public void Map(NativeRoutes native) =>
        native.Get(new NativePath("models/{name}/versions/{version}/check", "Says whether a version may enter a stage, gate by gate, and who would leave it."), Permission.Read, (values, _) => Target.Model(values.First),
            (RouteValues values, CheckRequest wire, Caller caller, CancellationToken cancellationToken) =>
                CheckAsync(caller, (values.First, ModelName.Version(values.Second), Require.Text(wire.Stage, "stage")), cancellationToken));

    private async Task<CheckResponse> CheckAsync(Caller caller, (string Name, long Version, string Stage) asked, CancellationToken cancellationToken)
    {
        // The files are looked at outside of any session, which hashing would hold for long, and only for those who may ask.
        var observed = await files.ObserveAsync(caller, asked.Name, asked.Version, cancellationToken);
        return await spine.ReadAsync(caller, async reader =>
        {
            var version = await ModelVersions.LoadAsync(reader, await ModelVersions.GetAsync(reader, asked.Name, asked.Version, cancellationToken), cancellationToken);
            var pipeline = await Pipelines.FindForAsync(reader, asked.Name, cancellationToken);
            var stage = await Pipelines.ReadStageAsync(reader, asked.Name, asked.Stage, cancellationToken);
            var mayPromote = await promotions.MayPromote(reader, caller.Principal, (version.Model, pipeline, pipeline?.FindStage(stage)), cancellationToken);
            if (pipeline?.FindStage(stage) is not { } gated)
            {
                return new CheckResponse(version.Name, RegistryEvents.Digits(version.Version), stage, Met: true, [], [], mayPromote) { Pipeline = pipeline?.Name, PipelineVersion = pipeline?.Version, CheckedAt = spine.Now };
            }

            var entry = new StageEntry(pipeline, gated, version, spine.Now)
            {
                Requester = caller.Principal,
                Observed = observed,
                Promotion = await promotions.FindOpen(reader, (version.Id, stage), spine.Now, cancellationToken),
            };
            return ToWire(await Gatekeeper.CheckAsync(reader, entry, cancellationToken), mayPromote);
        }, cancellationToken);
    }

    private static CheckResponse ToWire(CheckReport report, bool mayPromote)
    {
        var (entry, unmet) = (report.Entry, report.Unmet.ToList());
        return new CheckResponse(
            entry.Version.Name,
            RegistryEvents.Digits(entry.Version.Version),
            entry.Stage.Name,
            report.IsMet,
            [.. report.Results.Select(ToWire)],
            [.. report.Leaving.Select(version => RegistryEvents.Digits(version.Version))],
            mayPromote)
        {
            Pipeline = entry.Pipeline.Name,
            PipelineVersion = entry.Pipeline.Version,
            Digest = report.Digest,
            MetAt = unmet.Count > 0 && unmet.TrueForAll(result => result.MetAt is not null) ? unmet.Max(result => result.MetAt) : null,
            CheckedAt = entry.At,
        };
    }

    private static GateCheck ToWire(GateResult result) => new(result.Gate, result.IsMet, result.Required, result.Measured) { Evidence = result.Evidence, MetAt = result.MetAt };
}

/// <summary>What a check has to know of promotions.</summary>
/// <param name="FindOpen">The open promotion of a version into a stage; null when there is none.</param>
/// <param name="MayPromote">Whether somebody may bring versions of a model into a stage.</param>
internal sealed record PromotionLookup(
    Func<Reader, (long Version, string Stage), long, CancellationToken, Task<PromotionRow?>> FindOpen,
    Func<Reader, Principal, (long Model, Pipeline? Pipeline, PipelineStage? Stage), CancellationToken, Task<bool>> MayPromote);
