using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>The one place that decides who may do what, in the session that does it.</summary>
/// <param name="whenNothingIsSaid">What everyone may do with an object on which nothing is granted to them.</param>
internal sealed class Rights(AccessLevel whenNothingIsSaid)
{
    /// <summary>Lets the caller of a route pass, or refuses.</summary>
    /// <exception cref="RefusedException">The caller lacks the permission that the route names.</exception>
    public async Task JudgeAsync(Reader reader, Caller caller, CancellationToken cancellationToken)
    {
        caller.MarkJudged();
        var (who, permission) = (caller.Principal, caller.Demand.Permission);
        if (!who.Scope.Allows(permission))
        {
            throw new RefusedException($"Permission denied: the token may be used for {who.Scope}, and this needs {permission.ToString().ToLowerInvariant()}.");
        }

        if (permission <= Permission.Known || who.IsAdmin)
        {
            return;
        }

        if (permission == Permission.Audit && who.IsAuditor)
        {
            return;
        }

        if (permission is Permission.Admin or Permission.Audit)
        {
            throw Denied(who, permission);
        }

        foreach (var on in await caller.Demand.On().FindAsync(reader, cancellationToken))
        {
            if (!await HasAsync(reader, who, (permission, on), cancellationToken))
            {
                throw Denied(who, permission);
            }
        }
    }

    /// <summary>Refuses whoever may do less with the object.</summary>
    /// <exception cref="RefusedException">They lack the right.</exception>
    public async Task RequireAsync(Reader reader, Principal who, (AccessLevel Level, Securable On) needed, CancellationToken cancellationToken)
    {
        if (!who.IsAdmin && await LevelAsync(reader, who, needed.On, cancellationToken) < needed.Level)
        {
            throw new RefusedException($"Permission denied: {who.Name} lacks the right to {needed.Level.ToString().ToLowerInvariant()} here.");
        }
    }

    /// <summary>Whether somebody may read an object, where what they may not read is only left out.</summary>
    public async Task<bool> MayReadAsync(Reader reader, Principal who, Securable on, CancellationToken cancellationToken) =>
        who.IsAdmin || who.IsAuditor || await LevelAsync(reader, who, on, cancellationToken) >= AccessLevel.Read;

    /// <summary>How much somebody may do with an object: what is said of them, else the most that is said of their groups, else the default.</summary>
    public async Task<AccessLevel> LevelAsync(Reader reader, Principal who, Securable on, CancellationToken cancellationToken)
    {
        var grants = await Grants.OfAsync(reader, on, Subjects(who), cancellationToken);
        return grants.Find(grant => grant.Subject == who.Id)?.Level ?? grants.Max(grant => grant.Level) ?? whenNothingIsSaid;
    }

    /// <summary>Whether something beside the levels, such as approving, is granted to somebody or to a group of theirs.</summary>
    public static async Task<bool> AnyAsync(Reader reader, Principal who, Securable on, Func<Grant, bool> what, CancellationToken cancellationToken) =>
        (await Grants.OfAsync(reader, on, Subjects(who), cancellationToken)).Exists(grant => what(grant));

    /// <summary>A condition that only objects fulfil which the caller may read; null when that is all of them.</summary>
    public Sql? Readable(Caller caller, string kind, Sql id)
    {
        var who = caller.Principal;
        caller.MarkJudged();
        if (!who.Scope.Allows(Permission.Read))
        {
            return Sql.Of($"1 = 0");
        }

        return who.IsAdmin || who.IsAuditor ? null : Sql.Of($"""
            coalesce(
                (select g.level from grants g where g.kind = {kind} and g.object = {id} and g.subject = {who.Id ?? 0}),
                (select max(g.level) from grants g where g.kind = {kind} and g.object = {id} and g.subject in {who.Groups}),
                {(long)whenNothingIsSaid}) >= {(long)AccessLevel.Read}
            """);
    }

    // The pipeline of a model decides who may promote and approve; the rules of governance ask it, and they need no less than reading.
    private static AccessLevel LevelFor(Permission permission) => permission switch
    {
        Permission.Manage => AccessLevel.Manage,
        Permission.Edit => AccessLevel.Edit,
        _ => AccessLevel.Read,
    };

    private static List<long> Subjects(Principal who) => [.. who.Groups, who.Id ?? 0];

    private static RefusedException Denied(Principal who, Permission permission) =>
        new($"Permission denied: {who.Name} lacks the right to {permission.ToString().ToLowerInvariant()} here.");

    private async Task<bool> HasAsync(Reader reader, Principal who, (Permission Permission, Securable On) needed, CancellationToken cancellationToken)
    {
        var level = LevelFor(needed.Permission);
        if (needed.On == Securable.Nobodys)
        {
            return level == AccessLevel.Read && (who.IsAuditor || whenNothingIsSaid >= AccessLevel.Read);
        }

        return (level == AccessLevel.Read && who.IsAuditor) || await LevelAsync(reader, who, needed.On, cancellationToken) >= level;
    }
}
