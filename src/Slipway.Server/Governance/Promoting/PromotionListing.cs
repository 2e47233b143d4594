using Slipway.Server.Governance.Guarding;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Lists promotions that the caller may see, each as it stands by what is known now.</summary>
internal sealed class PromotionListing(Spine spine, Settlement settlement)
{
    /// <summary>How many are looked at for one page: where few of them fit, the page is short and the next one goes on.</summary>
    private const int LookLimit = 200;

    public async Task<PromotionsResponse> ListAsync(Caller caller, ListPromotionsRequest query, CancellationToken cancellationToken)
    {
        var (limit, before) = (PageCursor.Limit(query.Limit), PageCursor.Before(query.Cursor));
        CheckState(query.State);
        var found = new List<Promotion>();
        for (var looked = 0; looked < LookLimit && found.Count < limit;)
        {
            var rows = await spine.ReadAsync(caller, reader => Promotions.ListAsync(reader, Conditions(caller, query, before), limit, cancellationToken), cancellationToken);
            foreach (var row in rows)
            {
                (before, looked) = (row.Id, looked + 1);
                if (await FitsAsync(caller, query, row, cancellationToken) is { } standing)
                {
                    found.Add(PromotionView.Of(standing));
                    if (found.Count == limit)
                    {
                        break;
                    }
                }
            }

            if (rows.Count < limit && (rows.Count == 0 || rows[^1].Id == before))
            {
                return new PromotionsResponse(found, null);
            }
        }

        return new PromotionsResponse(found, PageCursor.Of(before));
    }

    private static void CheckState(string? state)
    {
        if (!string.IsNullOrEmpty(state) && state != PromotionState.AnyOpen && !PromotionState.All.Contains(state))
        {
            throw Fault.Invalid($"Invalid value '{Checks.Text.Shorten(state)}' for parameter 'state': must be {PromotionState.AnyOpen} or one of {string.Join(", ", PromotionState.All)}.");
        }
    }

    private List<Sql> Conditions(Caller caller, ListPromotionsRequest query, long before)
    {
        var conditions = new List<Sql> { Sql.Of($"p.id < {before}") };
        if (spine.Rights.Readable(caller, Securable.ModelKind, Sql.Of($"p.model")) is { } readable)
        {
            conditions.Add(readable);
        }

        // What is open may be in another open state by now than the one that is kept.
        if (query.ForMe == true || query.State == PromotionState.AnyOpen || PromotionState.IsOpen(query.State ?? ""))
        {
            conditions.Add(Sql.Of($"p.state in {PromotionState.Open}"));
        }
        else if (!string.IsNullOrEmpty(query.State))
        {
            conditions.Add(Sql.Of($"p.state = {query.State}"));
        }

        if (!string.IsNullOrEmpty(query.Model))
        {
            conditions.Add(Sql.Of($"m.name = {query.Model}"));
        }

        if (!string.IsNullOrEmpty(query.Version))
        {
            conditions.Add(Sql.Of($"v.version = {ModelName.Version(query.Version)}"));
        }

        if (query.Mine == true)
        {
            conditions.Add(caller.Principal.Id is { } id ? Sql.Of($"p.requester = {id}") : Sql.Of($"p.requester is null"));
        }

        return conditions;
    }

    private async Task<Standing?> FitsAsync(Caller caller, ListPromotionsRequest query, PromotionRow row, CancellationToken cancellationToken)
    {
        var standing = await settlement.LookAsync(row, cancellationToken);
        var wanted = string.IsNullOrEmpty(query.State) || (query.State == PromotionState.AnyOpen ? standing.IsOpen : standing.State == query.State);
        return wanted && (query.ForMe != true || await WaitsForAsync(caller.Principal, standing, cancellationToken)) ? standing : null;
    }

    private async Task<bool> WaitsForAsync(Principal who, Standing standing, CancellationToken cancellationToken)
    {
        if (standing.State != PromotionState.AwaitingApproval || standing.Stage?.Approvals is not { } gate
            || standing.Said.Any(said => said.Approver == who.Id && said.Verdict == Approvals.Approved && !standing.IsLapsed(said)))
        {
            return false;
        }

        return await spine.Database.ReadAsync(reader => PromotionRights.ObjectionToReviewerAsync(reader, who, (standing.Promotion, gate), cancellationToken), cancellationToken) is null;
    }
}
