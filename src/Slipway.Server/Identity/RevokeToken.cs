using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Ends a token before its time.</summary>
internal sealed record RevokeToken(long Id) : PeopleChange<bool>
{
    public override string Action => "token.revoke";

    public override string Resource => $"tokens/{Id}";

    protected override async Task<bool> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        var token = await Tokens.GetAsync(change, Id, cancellationToken);
        var owner = (await Users.FindAsync(change, token.Owner, cancellationToken))!.Name;
        OwnAccount.RequireToChange(change, owner);
        await Tokens.RevokeAsync(change, Id, cancellationToken);
        change.About($"users/{owner}");
        change.Record(TokenState.Of(token, owner), TokenState.Of(await Tokens.GetAsync(change, Id, cancellationToken), owner));
        return true;
    }
}
