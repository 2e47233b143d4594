using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Whom a permission is granted to, as a request names them: a user or a group.</summary>
internal sealed record GrantSubject(string? User, string? Group)
{
    public string Resource => User is not null ? $"users/{User}" : $"groups/{Group}";

    public static GrantSubject Of(string? user, string? group) => string.IsNullOrEmpty(user) != string.IsNullOrEmpty(group)
        ? new GrantSubject(string.IsNullOrEmpty(user) ? null : user, string.IsNullOrEmpty(user) ? group : null)
        : throw Fault.Invalid("Name either a user or a group.");

    /// <exception cref="Fault">There is no such user or group.</exception>
    public async Task<long> GetIdAsync(Reader reader, CancellationToken cancellationToken) => User is not null
        ? (await Users.GetAsync(reader, User, cancellationToken)).Id
        : (await UserGroups.GetAsync(reader, Group!, cancellationToken)).Id;
}
