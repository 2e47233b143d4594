using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Checks;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Server.Search.Paging;
using Slipway.Store;
using Slipway.Store.Auditing;
using Slipway.Wire.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>The endpoints of the audit log and of the past.</summary>
internal static class AuditRoutes
{
    private static readonly PageSize PageSize = new(100, 1000);

    public static void Map(NativeRoutes native, Spine spine, Checkpointer checkpoints)
    {
        MapLog(native, spine, checkpoints);
        MapPast(native, spine);
    }

    private static void MapLog(NativeRoutes native, Spine spine, Checkpointer checkpoints)
    {
        native.Get<AuditRequest, AuditPage>(new("audit", "Finds entries of the audit log."), Permission.Audit, (_, _) => Target.Server, (_, wire, caller, cancellationToken) =>
            spine.ReadAsync(caller, reader => PageAsync(reader, Decode(wire, Scopes(wire)), cancellationToken), cancellationToken));
        native.Add(HttpMethods.Get, new("audit/export", "Streams the audit log, or a part of it by first, last, from and to, as JSON Lines, each entry as the text that is hashed."), Permission.Audit, (_, _) => Target.Server, async (context, _, caller) =>
            await new AuditExport(spine, context, caller).SendAsync(await RequestDecoder.ReadAsync<ExportAuditRequest>(context)));
        native.Get<PathRequest, AuditVerdict>(new("audit/verdict", "Walks the whole audit log and compares it with the checkpoints."), Permission.Audit, (_, _) => Target.Server, async (_, _, caller, cancellationToken) =>
        {
            // Read first: what the checkpoints saw must still be there.
            var trail = await checkpoints.ReadAsync(cancellationToken);
            return Verdict(await spine.ReadAsync(caller, reader => AuditVerification.VerifyAsync(reader, trail, cancellationToken), cancellationToken));
        });
        native.Post<PathRequest, CheckpointKeyResponse>(new("audit/rotate-key", "Has every process sign checkpoints with a new key from now on."), Permission.Admin, (_, _) => Target.Server, async (_, _, caller, cancellationToken) =>
            new CheckpointKeyResponse(await checkpoints.RotateAsync(key => spine.MakeAsync(caller, new RotateCheckpointKey(key.Id), cancellationToken))));
    }

    private static void MapPast(NativeRoutes native, Spine spine)
    {
        var machine = new TimeMachine(spine.Rights);
        native.Get<AuditRequest, AuditPage>(new("models/{name}/history", "Finds entries about a model, through all its names."), Permission.Read, (values, _) => Target.Model(values.First), (values, wire, caller, cancellationToken) =>
            spine.ReadAsync(caller, async reader =>
            {
                await RegisteredModels.GetAsync(reader, values.First, cancellationToken);
                var life = await ModelLife.FindAsync(reader, values.First, long.MaxValue, cancellationToken);
                return await PageAsync(reader, Decode(wire, Below(life?.Scopes ?? [], wire.Version)), cancellationToken);
            }, cancellationToken));
        native.Get<PastRequest, ModelPast>(new("models/{name}/at", "Tells what the model that had this name at a moment was then."), Permission.Read, (_, _) => Target.Server, (values, wire, caller, cancellationToken) =>
            spine.ReadAsync(caller, reader => machine.AtAsync(reader, caller, (values.First, Moment.Get(wire.Time, "time")), cancellationToken), cancellationToken));
        native.Get<PathRequest, VersionHistory>(new("models/{name}/versions/{version}/history", "Tells every stage that a version was in, by whom, and on which evidence."), Permission.Read, (values, _) => Target.Model(values.First), (values, _, caller, cancellationToken) =>
            spine.ReadAsync(caller, reader => TimeMachine.HistoryAsync(reader, (values.First, ModelName.Version(values.Second)), cancellationToken), cancellationToken));
    }

    private static IReadOnlyList<AuditScope>? Scopes(AuditRequest wire)
    {
        if (!string.IsNullOrEmpty(wire.Model))
        {
            return Below([new AuditScope($"models/{wire.Model}")], wire.Version);
        }

        return string.IsNullOrEmpty(wire.Version) ? null : throw Fault.Invalid("Missing value for required parameter 'model': a version is one of a model.");
    }

    private static IReadOnlyList<AuditScope> Below(IReadOnlyList<AuditScope> models, string? version) =>
        string.IsNullOrEmpty(version) ? models : [.. models.Select(model => model with { Resource = $"{model.Resource}/versions/{RegistryEvents.Digits(ModelName.Version(version))}" })];

    private static AuditQuery Decode(AuditRequest wire, IReadOnlyList<AuditScope>? scopes) => new()
    {
        Scopes = scopes,
        Actor = RegistryEvents.NullIfEmpty(wire.Actor),
        Action = RegistryEvents.NullIfEmpty(wire.Action),
        Outcome = RegistryEvents.NullIfEmpty(wire.Outcome) is not { } outcome || outcome is "done" or "refused"
            ? RegistryEvents.NullIfEmpty(wire.Outcome)
            : throw Fault.Invalid($"Invalid value '{Text.Shorten(outcome)}' for parameter 'outcome': must be done or refused."),
        Promotion = RegistryEvents.NullIfEmpty(wire.Promotion),
        From = Moment.Find(wire.From, "from"),
        To = Moment.Find(wire.To, "to"),
        IsOldestFirst = (RegistryEvents.NullIfEmpty(wire.Order) ?? "newest") switch
        {
            "newest" => false,
            "oldest" => true,
            var other => throw Fault.Invalid($"Invalid value '{Text.Shorten(other)}' for parameter 'order': must be newest or oldest."),
        },
        Cursor = string.IsNullOrEmpty(wire.Cursor) ? null
            : long.TryParse(wire.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) ? cursor
            : throw Fault.Invalid($"Invalid value '{Text.Shorten(wire.Cursor)}' for parameter 'cursor': it must be what a page before gave as next."),
        Limit = PageSize.Of(wire.MaxResults),
    };

    // One more than asked for, to see whether there is another page.
    private static async Task<AuditPage> PageAsync(Reader reader, AuditQuery query, CancellationToken cancellationToken)
    {
        if (query.Scopes is { Count: 0 })
        {
            return new AuditPage([], null);
        }

        var rows = await AuditLog.ListAsync(reader, query with { Limit = query.Limit + 1 }, cancellationToken);
        return new AuditPage(
            [.. rows.Take(query.Limit).Select(AuditJson.Parse)],
            rows.Count > query.Limit ? RegistryEvents.Digits(rows[query.Limit - 1].Sequence) : null);
    }

    private static AuditVerdict Verdict(AuditFinding finding) => new(finding.Problem is null, finding.Entries, finding.Checkpoints)
    {
        Problem = finding.Problem,
        LastCheckpoint = finding.LastCheckpoint?.Sequence,
        LastCheckpointTime = finding.LastCheckpoint?.Time,
    };
}
