using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Whether everybody who may bring models here is known, for what is too dangerous to take from anyone.</summary>
/// <param name="database">Knows the users.</param>
/// <param name="isAuthenticationRequired">Whether people have to say who they are even before there is a user.</param>
internal sealed class Uploaders(Database database, bool isAuthenticationRequired)
{
    public async Task<bool> AreKnownAsync(CancellationToken cancellationToken) =>
        isAuthenticationRequired || await database.ReadAsync(reader => Users.AnyAsync(reader, cancellationToken), cancellationToken);
}
