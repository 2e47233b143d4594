using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Gives a user another password.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Password">Its hash.</param>
internal sealed record SetPassword(string Name, string Password) : PeopleChange<bool>
{
    public override string Action => "user.set-password";

    public override string Resource => $"users/{Name}";

    protected override async Task<bool> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        OwnAccount.RequireToChange(change, Name);
        var user = await Users.GetAsync(change, Name, cancellationToken);
        if (user.IsService || user.Issuer is not null)
        {
            throw Fault.Invalid(user.IsService ? $"{Name} is a service and has tokens, not a password." : $"{Name} logs in by {user.Issuer}, which keeps the password.");
        }

        await Users.SetPasswordAsync(change, user.Id, Password, cancellationToken);
        return true;
    }
}
