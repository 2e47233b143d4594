using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>Makes a token that carries its owner's rights, cut down to a scope.</summary>
/// <param name="Owner">Oneself, or a service that an admin looks after: nobody gets the word of somebody else.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scope">What it may be used for.</param>
internal sealed record CreateToken(string Owner, string Name, TokenScope Scope) : PeopleChange<TokenRow>
{
    /// <summary>More of them nobody looks after.</summary>
    private const int Most = 100;

    private const int NameLimit = 128;

    public override string Action => "token.create";

    public override string Resource => $"users/{Owner}";

    public required string Hash { get; init; }

    public long? ExpiresAt { get; init; }

    public static CreateToken Decode(string owner, CreateTokenRequest wire, string hash) =>
        new(owner, Text.Within(Require.Text(wire.Name, "name"), NameLimit, "name"), TokenScope.Parse(wire.Scope)) { Hash = hash, ExpiresAt = wire.ExpiresAt };

    protected override async Task<TokenRow> ChangeAsync(Change change, CancellationToken cancellationToken)
    {
        OwnAccount.RequireToChange(change, Owner);
        var owner = await Users.GetAsync(change, Owner, cancellationToken);
        if (!owner.IsService && change.Info.Actor is Caller caller && !OwnAccount.IsOwn(caller.Principal, Owner))
        {
            throw new RefusedException($"Only {Owner} can make a token of {Owner}'s. Make a service for what no person does.");
        }

        if (ExpiresAt <= change.Info.At)
        {
            throw Fault.Invalid("'expires_at' must lie in the future; it is in milliseconds since 1970.");
        }

        if (await Tokens.CountGoodAsync(change, owner.Id, change.Info.At, cancellationToken) >= Most)
        {
            throw Fault.Conflict($"{Owner} has {Most} tokens that are neither expired nor revoked, and may have no more. Revoke those that nobody needs: slipway tokens list, slipway tokens revoke ID.");
        }

        var row = new TokenRow(await change.TakeIdsAsync("tokens", 1, cancellationToken), owner.Id, Name, Scope.ToString(), change.Info.At) { ExpiresAt = ExpiresAt };
        await Tokens.AddAsync(change, row, Hash, cancellationToken);
        change.About($"tokens/{row.Id}");
        change.Record(null, TokenState.Of(row, Owner));
        return row;
    }
}
