using Slipway.Server.Registry;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Promotions as the API shows them.</summary>
internal static class PromotionView
{
    public static Promotion Of(Standing standing)
    {
        var row = standing.Promotion;
        return new Promotion(row.Id, row.ModelName, RegistryEvents.Digits(row.Number), row.Stage)
        {
            State = standing.State,
            Requester = row.RequesterName,
            Justification = row.Justification,
            Automatic = row.Going != Going.Held,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            ExpiresAt = row.ExpiresAt,
            Reason = row.Reason,
            Gates = standing.Report is { } report ? [.. report.Results.Select(Of)] : null,
            Approvals = [.. standing.Said.Select(said => new Approval(said.ApproverName, said.Verdict, said.Comment, said.At) { Lapsed = standing.IsLapsed(said) })],
            Digest = standing.Report?.Digest,
            Archives = standing.Report is { } known ? [.. known.Leaving.Select(version => RegistryEvents.Digits(version.Version))] : null,
        };
    }

    public static Freeze Of(FreezeRow row) => new(row.Id, row.Pattern, row.Reason, row.Actor, row.At) { Stage = row.Stage, Until = row.EndsAt, LiftedAt = row.LiftedAt };

    private static GateCheck Of(GateResult result) => new(result.Gate, result.IsMet, result.Required, result.Measured) { Evidence = result.Evidence, MetAt = result.MetAt };
}
