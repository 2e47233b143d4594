using System.Text.Json;
using Slipway.Store;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>Makes the user whom an identity provider vouches for, at first sight, and follows what it says of their groups.</summary>
internal sealed record SyncProvidedUser(ProvidedIdentity Identity) : PeopleChange<long>
{
    public override string Action => "user.sync";

    public override string Resource => $"users/{Identity.Name}";

    /// <summary>The user, if all that the provider says is known already; null when there is something to change.</summary>
    public static async Task<KnownUser?> FindCurrentAsync(Reader reader, ProvidedIdentity identity, CancellationToken cancellationToken)
    {
        var user = await Users.FindBySubjectAsync(reader, identity.Issuer, identity.Subject, cancellationToken);
        if (user is null || (identity.IsAdmin is { } isAdmin && isAdmin != user.IsAdmin))
        {
            return null;
        }

        var said = await UserGroups.NamedAsync(reader, identity.Groups, cancellationToken);
        var kept = await UserGroups.OfAsync(reader, user.Id, UserGroups.ByProvider, cancellationToken);
        return kept.ToHashSet().SetEquals(said.Select(group => group.Id)) ? await KnownUser.WithGroupsAsync(reader, user, cancellationToken) : null;
    }

    protected override async Task<long> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        var user = await Users.FindBySubjectAsync(change, Identity.Issuer, Identity.Subject, cancellationToken) ?? await AddAsync(change, cancellationToken);
        if (Identity.IsAdmin is { } isAdmin && isAdmin != user.IsAdmin)
        {
            await Users.SetRolesAsync(change, user with { IsAdmin = isAdmin }, cancellationToken);
        }

        var said = await UserGroups.NamedAsync(change, Identity.Groups, cancellationToken);
        var kept = await UserGroups.OfAsync(change, user.Id, UserGroups.ByProvider, cancellationToken);
        foreach (var group in kept.Except(said.Select(group => group.Id)))
        {
            await UserGroups.LeaveAsync(change, group, user.Id, UserGroups.ByProvider, cancellationToken);
        }

        foreach (var group in said)
        {
            await UserGroups.JoinAsync(change, group.Id, user.Id, UserGroups.ByProvider, cancellationToken);
        }

        change.Record(null, JsonSerializer.Serialize(new ProvidedState(Identity.IsAdmin ?? user.IsAdmin, [.. said.Select(group => group.Name)]), IdentityJson.Default.ProvidedState));
        return user.Id;
    }

    // Nobody becomes a user who is here already by being called like them elsewhere.
    private async Task<UserRow> AddAsync(Change change, CancellationToken cancellationToken)
    {
        if (await Users.FindAsync(change, Identity.Name, cancellationToken) is not null)
        {
            throw new RefusedException($"The name {Identity.Name} belongs to another user here. An admin has to remove that one first.");
        }

        var row = new UserRow(await change.TakeIdsAsync("principals", 1, cancellationToken), Identity.Name, Person.PersonKind, Identity.IsAdmin ?? false, IsAuditor: false, change.Info.At)
        {
            Issuer = Identity.Issuer,
            Subject = Identity.Subject,
        };
        await Users.AddAsync(change, row, cancellationToken);
        return row;
    }
}
