using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>A user with their groups.</summary>
internal sealed record KnownUser(UserRow Row, IReadOnlyList<GroupRow> Groups)
{
    public static async Task<KnownUser?> FindAsync(Reader reader, string? name, CancellationToken cancellationToken) =>
        name is not null && UserName.IsLegal(name) && await Users.FindAsync(reader, name, cancellationToken) is { } row ? await WithGroupsAsync(reader, row, cancellationToken) : null;

    public static async Task<KnownUser?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        await Users.FindAsync(reader, id, cancellationToken) is { } row ? await WithGroupsAsync(reader, row, cancellationToken) : null;

    public static async Task<KnownUser> WithGroupsAsync(Reader reader, UserRow row, CancellationToken cancellationToken) =>
        new(row, await UserGroups.OfAsync(reader, row.Id, cancellationToken));

    public Principal ToPrincipal(TokenScope scope) => Row.ToPrincipal([.. Groups.Select(group => group.Id)], scope);
}
