using System.Data.Common;
using Slipway.Server.Identity;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>approvals</c>.</summary>
internal static class Approvals
{
    public const string Approved = "approved";
    public const string Rejected = "rejected";

    /// <summary>The kind of user that is no person.</summary>
    private const string ServiceKind = "service";

    /// <summary>How many people's approvals of a promotion count: given to this very digest, not by the requester, and by those who may still give them.</summary>
    public static async Task<int> CountAsync(Reader reader, PromotionRow promotion, string digest, ApprovalsGate gate, CancellationToken cancellationToken)
    {
        var people = gate.AllowsServices ? Sql.Of($"") : Sql.Of($"and u.kind <> {ServiceKind}");
        return (int)await reader.FindAsync($"""
            select count(distinct a.approver) from approvals a join users u on u.id = a.approver
            where a.promotion = {promotion.Id} and a.digest = {digest} and a.verdict = {Approved}
                and a.approver <> {promotion.Requester ?? 0} {people} and {MayApprove(promotion, gate)}
            """, row => row.GetInt64(0), cancellationToken);
    }

    /// <summary>What was said to a promotion, in its order.</summary>
    public static Task<List<ApprovalRow>> OfAsync(Reader reader, long promotion, CancellationToken cancellationToken) =>
        reader.ListAsync($"select promotion, seq, approver, approver_name, verdict, comment, digest, at from approvals where promotion = {promotion} order by seq", Map, cancellationToken);

    public static Task AddAsync(Change change, ApprovalRow row, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into approvals (promotion, seq, approver, approver_name, verdict, comment, digest, at)
            values ({row.Promotion}, {row.Sequence}, {row.Approver}, {row.ApproverName}, {row.Verdict}, {row.Comment}, {row.Digest}, {row.At})
            """, cancellationToken);

    private static ApprovalRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3))
    {
        Verdict = row.GetString(4),
        Comment = row.GetString(5),
        Digest = row.GetString(6),
        At = row.GetInt64(7),
    };

    private static Sql MayApprove(PromotionRow promotion, ApprovalsGate gate) => gate.Group is { } group
        ? Sql.Of($"exists (select 1 from group_members m join user_groups g on g.id = m.user_group where g.name = {group} and m.member = a.approver)")
        : Sql.Of($"""
            exists (select 1 from grants r where r.kind = {Securable.ModelKind} and r.object = {promotion.Model} and r.approve = 1
                and (r.subject = a.approver or r.subject in (select m.user_group from group_members m where m.member = a.approver)))
            """);
}

/// <summary>What a person said to a promotion.</summary>
/// <param name="Promotion">To which one.</param>
/// <param name="Sequence">The number of the audit entry that tells of it.</param>
/// <param name="Approver">The user.</param>
/// <param name="ApproverName">Their name at that time.</param>
internal sealed record ApprovalRow(long Promotion, long Sequence, long Approver, string ApproverName)
{
    public required string Verdict { get; init; }

    public required string Comment { get; init; }

    /// <summary>Over the evidence that it was given to.</summary>
    public required string Digest { get; init; }

    public required long At { get; init; }
}
