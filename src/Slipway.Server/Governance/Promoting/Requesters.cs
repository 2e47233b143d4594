using Slipway.Server.Identity;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Those who asked for promotions, with the rights that they have now.</summary>
internal static class Requesters
{
    /// <summary>The user as they are now; null when they are gone.</summary>
    public static async Task<Principal?> FindAsync(Reader reader, long id, CancellationToken cancellationToken)
    {
        var groups = await reader.ListAsync($"select distinct user_group from group_members where member = {id}", row => row.GetInt64(0), cancellationToken);
        return await reader.FindAsync($"select name, kind, is_admin from users where id = {id}", row => new Principal(id, row.GetString(0))
        {
            IsService = row.GetString(1) == "service",
            IsAdmin = row.GetInt64(2) == 1,
            Groups = groups,
        }, cancellationToken);
    }

    /// <summary>Whoever did not have to say who they are; null once people have to.</summary>
    public static async Task<Principal?> FindAnonymousAsync(Reader reader, CancellationToken cancellationToken) =>
        await reader.AnyAsync($"select 1 from users", cancellationToken) ? null : Principal.Anonymous;
}
