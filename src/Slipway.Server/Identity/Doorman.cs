using Microsoft.AspNetCore.Http;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Finds out who asks, once people have to say it; until then everyone is anonymous.</summary>
internal sealed class Doorman(FrontDesk desk) : IDoorman
{
    public async ValueTask<Caller> AdmitAsync(HttpContext context)
    {
        var people = await desk.Watch.CurrentAsync(context.RequestAborted);
        var address = CallerAddress.Of(context);
        if (!desk.Asks(people))
        {
            return new Caller(Principal.Anonymous, FrontDesk.Anonymous, address);
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            throw Fault.Unauthenticated("This server asks who you are. Send a user name and a password, or a token: MLflow's clients take them from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or from MLFLOW_TRACKING_TOKEN.");
        }

        var key = CredentialKey.Of(header);
        if (people.Find(key) is not { } known || known.Until <= desk.Now)
        {
            known = await RecogniseAsync(key, Credential.Parse(header), address, context.RequestAborted);
            people.Add(key, known);
        }

        return new Caller(known.Principal, known.Authentication, address);
    }

    private async Task<Acquaintance> RecogniseAsync(CredentialKey key, Credential credential, string? address, CancellationToken cancellationToken)
    {
        try
        {
            return TokenSecret.IsOne(credential.Secret) ? await ByTokenAsync(credential, cancellationToken)
                : credential.Name is not null ? await ByPasswordAsync(key, credential, cancellationToken)
                : await ByProviderAsync(credential.Secret, address, cancellationToken);
        }
        catch (LoginException failure)
        {
            desk.Failures.Add(failure.Name, failure.Reason, address);
            throw;
        }
    }

    private async Task<Acquaintance> ByPasswordAsync(CredentialKey key, Credential credential, CancellationToken cancellationToken)
    {
        var user = await desk.AskAsync(reader => KnownUser.FindAsync(reader, credential.Name, cancellationToken), cancellationToken);
        if (await desk.Passwords.MatchesAsync(key, credential.Secret, user?.Row.Password, cancellationToken))
        {
            return new Acquaintance(user!.ToPrincipal(TokenScope.All), FrontDesk.ByPassword, Until: null);
        }

        throw new LoginException(user?.Row.Name, "wrong password");
    }

    private async Task<Acquaintance> ByTokenAsync(Credential credential, CancellationToken cancellationToken)
    {
        var (token, owner) = await desk.AskAsync(async reader =>
        {
            var token = await Tokens.FindAsync(reader, TokenSecret.Hash(credential.Secret), cancellationToken);
            return (token, token is null ? null : await KnownUser.FindAsync(reader, token.Owner, cancellationToken));
        }, cancellationToken);
        if (token is null || owner is null)
        {
            throw new LoginException(null, "unknown or revoked token");
        }

        if (token.ExpiresAt <= desk.Now)
        {
            throw new LoginException(owner.Row.Name, "expired token");
        }

        return credential.Name is null || credential.Name == owner.Row.Name
            ? new Acquaintance(owner.ToPrincipal(TokenScope.Parse(token.Scope)), FrontDesk.ByToken, token.ExpiresAt)
            : throw new LoginException(owner.Row.Name, "token under another user's name");
    }

    private async Task<Acquaintance> ByProviderAsync(string token, string? address, CancellationToken cancellationToken)
    {
        if (desk.Provider is null || await desk.Provider.VerifyAsync(token, cancellationToken) is not { } identity)
        {
            throw new LoginException(null, "unknown token");
        }

        var user = await desk.AskAsync(reader => SyncProvidedUser.FindCurrentAsync(reader, identity, cancellationToken), cancellationToken);
        if (user is null)
        {
            var id = await desk.MakeAsync(new Actor(identity.Name, FrontDesk.ByProvider, address), new SyncProvidedUser(identity), cancellationToken);
            user = await desk.AskAsync(reader => KnownUser.FindAsync(reader, id, cancellationToken), cancellationToken)
                ?? throw new LoginException(identity.Name, "removed while logging in");
        }

        return new Acquaintance(user.ToPrincipal(TokenScope.All), FrontDesk.ByProvider, identity.Until);
    }
}

/// <summary>Somebody said who they are, and it is not so. What they are told is the same for every reason.</summary>
/// <param name="name">The user; null when there is none.</param>
/// <param name="reason">For the audit log.</param>
internal sealed class LoginException(string? name, string reason) : Fault(FaultKind.Unauthenticated, "The user name, the password or the token is wrong, or no longer valid.")
{
    public string Name => name ?? "unknown";

    public string Reason => reason;
}
