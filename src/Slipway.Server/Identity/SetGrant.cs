using System.Text.Json;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Grants a right on an object to a user or a group, or takes it back. Grants are read wherever they decide, so nobody has to let go of anything.</summary>
internal sealed record SetGrant(GrantObject On, GrantSubject To, GrantedRight Right) : ChangeRequest<(long Subject, Grant Grant)>
{
    public override string Action => Revokes ? "permission.revoke" : "permission.grant";

    public override string Resource => On.Resource;

    /// <summary>Takes the right back; there has to be one.</summary>
    public bool Revokes { get; init; }

    /// <summary>Whether there has to be a level already, or must be none; null lets both be.</summary>
    public bool? Exists { get; init; }

    public override async Task<(long Subject, Grant Grant)> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        if (Right.TakesAdmin && change.Info.Actor is Caller caller && !OwnAccount.MayAdminister(caller.Principal))
        {
            throw new RefusedException("Permission denied: only admins grant promoting, approving and breaking the glass, and take them back.");
        }

        var on = await On.GetAsync(change, cancellationToken);
        var subject = await To.GetIdAsync(change, cancellationToken);
        var before = (await Grants.OfAsync(change, on, [subject], cancellationToken)).FirstOrDefault();
        CheckExists(before);
        var after = Revokes ? Right.RemoveFrom(before!) : Right.AddTo(before ?? new Grant(subject, Level: null));
        await Grants.SetAsync(change, on, after, cancellationToken);
        change.About(To.Resource);
        change.Record(StateOf(before), StateOf(after));
        return (subject, after);
    }

    private void CheckExists(Grant? before)
    {
        var exists = before is not null && Right.IsIn(before);
        if (exists && Exists == false)
        {
            throw Fault.AlreadyExists($"{To.Resource} already has a permission on {On.Resource}. Update it instead.");
        }

        if (!exists && (Revokes || Exists == true))
        {
            throw Missing(On, To);
        }
    }

    public static Fault Missing(GrantObject on, GrantSubject to) => Fault.NotFound($"{to.Resource} has no such permission on {on.Resource}.");

    private string? StateOf(Grant? grant) => grant is null || grant.IsEmpty ? null : JsonSerializer.Serialize(
        new GrantState(To.User, To.Group, grant.Level is { } level ? AccessLevels.NameOf(level) : null, grant.MayPromote, grant.MayApprove, grant.MayBreakGlass),
        IdentityJson.Default.GrantState);
}
