using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;

namespace Slipway.Server.Identity;

/// <summary>How a password is changed: one's own, with the one that it was; everybody's, by admins.</summary>
/// <remarks>
/// MLflow's clients before 3.11 don't send the current password. Its absence is accepted where the request itself was
/// made with it (Basic); who comes with a token has to send it, or a stolen token would be worth an account.
/// </remarks>
internal sealed class PasswordChange(FrontDesk desk, Caller caller, string owner)
{
    public async Task<EmptyResponse> MakeAsync(string? password, string? current, CancellationToken cancellationToken)
    {
        if (OwnAccount.IsOwn(caller.Principal, owner))
        {
            await CheckCurrentAsync(current, cancellationToken);
        }

        return await desk.DoneAsync(caller, new SetPassword(owner, await desk.Passwords.HashAsync(password, cancellationToken)), cancellationToken);
    }

    private async Task CheckCurrentAsync(string? current, CancellationToken cancellationToken)
    {
        if (current is null && caller.Authentication == FrontDesk.ByPassword)
        {
            return;
        }

        if (current is null)
        {
            throw Fault.Invalid("Missing value for required parameter 'current_password': you came with a token.");
        }

        var user = await desk.AskAsync(reader => Users.FindAsync(reader, owner, cancellationToken), cancellationToken);
        if (!await desk.Passwords.MatchesAsync(current, user?.Password, cancellationToken))
        {
            desk.Failures.Add(owner, "wrong current password", caller.Address);
            throw Fault.Invalid("'current_password' is wrong.");
        }
    }
}
