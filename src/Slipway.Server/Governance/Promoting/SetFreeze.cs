using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Stops promotions of some models until it ends or is lifted. Rollbacks go on.</summary>
/// <param name="Pattern">The models: a name, or a pattern with <c>*</c>.</param>
/// <param name="Stage">The stage that nothing enters; null for all.</param>
/// <param name="Reason">Why.</param>
/// <param name="EndsAt">When it ends by itself, in milliseconds; null for when it is lifted.</param>
internal sealed record SetFreeze(string Pattern, string? Stage, string Reason, long? EndsAt) : ChangeRequest<FreezeRow>
{
    public override string Action => "freeze.set";

    public override string Resource => IsOfMany ? "freezes" : $"models/{Pattern}";

    private bool IsOfMany => Pattern.Contains('*', StringComparison.Ordinal);

    public static SetFreeze Decode(SetFreezeRequest wire) => new(
        ModelName.CheckNew(wire.Models, "models"),
        string.IsNullOrEmpty(wire.Stage) ? null : Text.Within(wire.Stage, Require.IdLimit, "stage"),
        Text.Within(Require.Text(wire.Reason?.Trim(), "reason"), RequestPromotion.TextLimit, "reason"),
        wire.Until);

    public override async Task<FreezeRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        if (EndsAt <= change.Info.At)
        {
            throw Fault.Invalid("Invalid value for parameter 'until': it must be later than now.");
        }

        var row = new FreezeRow(await change.TakeIdsAsync("freezes", 1, cancellationToken), Pattern, await StageAsync(change, cancellationToken), Reason)
        {
            Actor = change.Info.Actor.Name,
            At = change.Info.At,
            EndsAt = EndsAt,
        };
        await Freezes.AddAsync(change, row, cancellationToken);
        change.About($"freezes/{row.Id}");
        change.Record(null, FreezeState.Of(row));
        return row;
    }

    // One model's freeze names a stage that there is; a pattern may be about models that are not there yet.
    private async Task<string?> StageAsync(Reader reader, CancellationToken cancellationToken)
    {
        if (IsOfMany)
        {
            return Stage is null ? null : (await Pipelines.InForceAsync(reader, cancellationToken)).Select(pipeline => pipeline.FindStage(Stage)?.Name).FirstOrDefault(name => name is not null) ?? Stage;
        }

        await RegisteredModels.GetAsync(reader, Pattern, cancellationToken);
        var pipeline = await Pipelines.FindForAsync(reader, Pattern, cancellationToken)
            ?? throw Fault.Conflict($"No pipeline applies to '{Pattern}', so a freeze would stop nothing. Apply a pipeline first.");
        return Stage is null ? null : pipeline.FindStage(await Pipelines.ReadStageAsync(reader, Pattern, Stage, cancellationToken))?.Name
            ?? throw Fault.Invalid($"Invalid value '{Text.Shorten(Stage)}' for parameter 'stage': a freeze is for a stage of the pipeline {pipeline.Name}.");
    }
}

/// <summary>A freeze as the audit log tells of it.</summary>
internal sealed record FreezeState(long Freeze, string Models, string Reason)
{
    public string? Stage { get; init; }

    public long? EndsAt { get; init; }

    public long? LiftedAt { get; init; }

    public static string Of(FreezeRow row) => JsonSerializer.Serialize(
        new FreezeState(row.Id, row.Pattern, row.Reason) { Stage = row.Stage, EndsAt = row.EndsAt, LiftedAt = row.LiftedAt }, FreezeJson.Default.FreezeState);
}

/// <summary>A revocation as the audit log tells of it.</summary>
internal sealed record Revoked(long Version, string Stage, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FreezeState))]
[JsonSerializable(typeof(Revoked))]
internal sealed partial class FreezeJson : JsonSerializerContext;
