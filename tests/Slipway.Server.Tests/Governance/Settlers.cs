using Slipway.Server.Identity;
using Slipway.Server.Tests.Identity;
using Slipway.Store;
using Slipway.Testing;

namespace Slipway.Server.Tests.Governance;

/// <summary>Puts people with tokens into a database: the hashing of passwords, which is slow on purpose, is tested elsewhere.</summary>
/// <param name="Names">The first of them is an admin.</param>
internal sealed record Settlers(params IReadOnlyList<string> Names) : ChangeRequest<IReadOnlyList<string>>
{
    public override string Action => "test.settle";

    public override string Resource => "users";

    /// <summary>A client for each of them.</summary>
    public static async Task<List<WireClient>> SettleAsync((Database Database, TimeProvider Time) place, WireClient nobody, params IReadOnlyList<string> names)
    {
        await using var changes = new Changes(place.Database, [], place.Time);
        var secrets = await changes.MakeAsync(new Actor("test", "none", null), new Settlers(names), CancellationToken.None);
        return [.. secrets.Select(secret => Crowd.Anew(nobody).Bearing(secret))];
    }

    public override async Task<IReadOnlyList<string>> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var secrets = new List<string>();
        foreach (var name in Names)
        {
            var id = await change.TakeIdsAsync("principals", 1, cancellationToken);
            await Users.AddAsync(change, new UserRow(id, name, "person", IsAdmin: secrets.Count == 0, IsAuditor: false, change.Info.At), cancellationToken);
            secrets.Add(TokenSecret.Make());
            await Tokens.AddAsync(change, new TokenRow(await change.TakeIdsAsync("tokens", 1, cancellationToken), id, "test", "all", change.Info.At), TokenSecret.Hash(secrets[^1]), cancellationToken);
        }

        await IdentityEpoch.RaiseAsync(change, cancellationToken);
        return secrets;
    }
}
