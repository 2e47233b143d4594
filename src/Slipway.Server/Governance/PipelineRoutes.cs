using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance;

/// <summary>The endpoints of pipelines.</summary>
internal sealed class PipelineRoutes(Spine spine)
{
    public void Map(NativeRoutes native)
    {
        native.Map(HttpMethods.Post, new NativePath("pipelines", "Puts a pipeline in force as its file says, or only says what that would come to."), Permission.Admin, (_, _) => Target.Server,
            (HttpContext context, RouteValues _, ApplyPipelineRequest wire, Caller caller) => ApplyAsync(context, wire, caller));
        native.Get(new NativePath("pipelines", "Lists the pipelines in force."), Permission.Known, (_, _) => Target.Server, (RouteValues _, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, async reader => new PipelinesResponse([.. (await Pipelines.ListAsync(reader, cancellationToken)).Select(row => ToWire(row) with { InForce = true })]), cancellationToken));
        native.Map(HttpMethods.Get, new NativePath("pipelines/{name}", "Shows the version of a pipeline that is in force."), Permission.Known, (_, _) => Target.Server,
            (HttpContext context, RouteValues values, EmptyResponse _, Caller caller) => ShowAsync(context, values.First, null, caller));
        native.Map(HttpMethods.Get, new NativePath("pipelines/{name}/versions/{version}", "Shows any version of a pipeline that was ever applied."), Permission.Known, (_, _) => Target.Server,
            (HttpContext context, RouteValues values, EmptyResponse _, Caller caller) => ShowAsync(context, values.First, Registry.ModelName.Version(values.Second), caller));
        native.Map(HttpMethods.Delete, new NativePath("pipelines/{name}", "Takes a pipeline out of force."), Permission.Admin, (_, _) => Target.Server,
            (HttpContext context, RouteValues values, EmptyResponse _, Caller caller) => spine.DoneAsync(caller, new DeletePipeline(values.First, EntityTag.Seen(context.Request)), context.RequestAborted));
    }

    private async Task<AppliedPipelineResponse> ApplyAsync(HttpContext context, ApplyPipelineRequest wire, Caller caller)
    {
        // Who may not apply does not learn what is wrong with a file, nor make the server read one.
        var cancellationToken = context.RequestAborted;
        await spine.JudgeAsync(caller, cancellationToken);
        var request = ApplyPipeline.Decode(wire.Text, EntityTag.Seen(context.Request));
        var before = await spine.ReadAsync(caller, reader => request.FindSeenAsync(reader, cancellationToken), cancellationToken);
        if (wire.DryRun == true)
        {
            return await TryAsync(caller, request, before, cancellationToken);
        }

        // The same again is no change, and leaves nothing in the audit log.
        var applied = before is not null && request.IsSame(before) ? new AppliedPipeline(before, IsChanged: false) : await spine.MakeAsync(caller, request, cancellationToken);
        EntityTag.Set(context.Response, applied.Row.Version);
        var reach = await spine.ReadAsync(caller, reader => Reach.FindAsync(reader, applied.Row.Parse(), spine.Now, cancellationToken), cancellationToken);
        return new AppliedPipelineResponse(ToWire(applied.Row) with { InForce = true }, applied.IsChanged, reach);
    }

    private Task<AppliedPipelineResponse> TryAsync(Caller caller, ApplyPipeline request, PipelineRow? before, CancellationToken cancellationToken) => spine.ReadAsync(caller, async reader =>
    {
        var isSame = before is not null && request.IsSame(before);
        var version = isSame ? before!.Version : await Pipelines.NextVersionAsync(reader, request.Name, cancellationToken);
        var pipeline = Files.PipelineFile.Parse(request.Text, version);
        var wire = isSame ? ToWire(before!) with { InForce = true } : ToWire(pipeline, PipelineRow.DigestOf(request.Text));
        return new AppliedPipelineResponse(wire, !isSame, await Reach.FindAsync(reader, pipeline, spine.Now, cancellationToken));
    }, cancellationToken);

    private async Task<PipelineVersion> ShowAsync(HttpContext context, string name, long? version, Caller caller)
    {
        var cancellationToken = context.RequestAborted;
        var (row, applied) = await spine.ReadAsync(caller, async reader =>
        {
            var inForce = await Pipelines.FindAsync(reader, name, cancellationToken);
            return (version is { } number ? await Pipelines.FindAsync(reader, name, number, cancellationToken) : inForce, inForce);
        }, cancellationToken);
        if (row is null)
        {
            throw version is null ? Pipelines.Unknown(name) : Fault.NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no version {version} of the pipeline '{Checks.Text.Shorten(name)}'."));
        }

        EntityTag.Set(context.Response, row.Version);
        return ToWire(row) with { Text = row.Text, InForce = row.Version == applied?.Version };
    }

    private static PipelineVersion ToWire(PipelineRow row) => ToWire(row.Parse(), row.Digest) with { AppliedBy = row.Actor, AppliedAt = row.At };

    private static PipelineVersion ToWire(Pipeline pipeline, string digest) => new(pipeline.Name, pipeline.Version, pipeline.Models, [.. pipeline.Stages.Select(ToWire)])
    {
        Description = pipeline.Description,
        Digest = digest,
    };

    private static PipelineStageSummary ToWire(PipelineStage stage) => new(stage.Name)
    {
        Promoters = stage.Promoters,
        Alias = stage.Alias,
        ArchiveExisting = stage.ArchivesExisting,
        Limit = stage.Limit,
    };
}
