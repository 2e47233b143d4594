using System.Net;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>Makes a user. The first one is an admin, and is made on the machine or with the setup token.</summary>
/// <param name="Name">Unique among users.</param>
/// <param name="Password">The hash of the password; null for services.</param>
internal sealed record CreateUser(string Name, string? Password) : PeopleChange<UserRow>
{
    public override string Action => "user.create";

    public override string Resource => $"users/{Name}";

    public bool IsService { get; init; }

    public bool IsAdmin { get; init; }

    public bool IsAuditor { get; init; }

    protected override async Task<UserRow> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        await CheckOrderAsync(change, cancellationToken);
        if (await Users.FindAsync(change, Name, cancellationToken) is not null)
        {
            throw Fault.AlreadyExists($"User (username={Name}) already exists.");
        }

        var row = new UserRow(await change.TakeIdsAsync("principals", 1, cancellationToken), Name, IsService ? Person.ServiceKind : Person.PersonKind, IsAdmin, IsAuditor, change.Info.At)
        {
            Password = Password,
        };
        await Users.AddAsync(change, row, cancellationToken);
        change.Record(null, UserState.Of(row));
        return row;
    }

    private async Task CheckOrderAsync(Change change, CancellationToken cancellationToken)
    {
        var actor = change.Info.Actor;
        if (actor.Authentication == FrontDesk.BySetupToken)
        {
            if (await Users.IsThereOtherAdminAsync(change, than: 0, cancellationToken))
            {
                throw new RefusedException("There is an admin by now, so the setup token is good for nothing any more.");
            }

            return;
        }

        if (await Users.AnyAsync(change, cancellationToken))
        {
            if (actor.Authentication == FrontDesk.Anonymous)
            {
                throw new RefusedException("There are users by now. Log in as an admin to make more of them.");
            }

            return;
        }

        if (!IsAdmin || IsService || Password is null)
        {
            throw new RefusedException("The first user must be an admin with a password. Make it on the server's machine: slipway users add NAME --admin");
        }

        if (actor is Caller { Principal.Id: null } && !IsHere(actor.Address))
        {
            throw new RefusedException("The first user can only be made on the server's own machine. Run there: slipway users add NAME --admin");
        }
    }

    private static bool IsHere(string? address) => IPAddress.TryParse(address, out var ip) && IPAddress.IsLoopback(ip);
}
