using Slipway.Server.Identity;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Those who asked for promotions, with the rights that they have now.</summary>
internal static class Requesters
{
    /// <summary>The user as they are now, or whoever did not have to say who they are; null when they are gone, or people have to say it by now.</summary>
    public static async Task<Principal?> FindAsync(Reader reader, long? id, CancellationToken cancellationToken)
    {
        if (id is { } user)
        {
            return (await KnownUser.FindAsync(reader, user, cancellationToken))?.ToPrincipal(TokenScope.All);
        }

        return await Users.AnyAsync(reader, cancellationToken) ? null : Principal.Anonymous;
    }
}
