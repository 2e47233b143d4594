using System.CommandLine;
using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Commands.People;

/// <summary>Looks after tokens.</summary>
internal static class TokensCommand
{
    public static Command Create() => new("tokens", "Looks after tokens, with which programs say who they act for.") { CreateToken(), List(), Revoke() };

    private static ServerCommand CreateToken()
    {
        var name = new Argument<string>("NAME") { Description = "What it is for." };
        var user = Owner();
        var scope = new Option<string?>("--scope") { Description = "What it may be used for at most: all (unless told otherwise), or some of read, edit, manage, promote, approve, break-glass, audit, admin, separated by commas." };
        var expires = new Option<string?>("--expires") { Description = "When it ends: 12h, 90d; never unless told otherwise.", HelpName = "TIME" };
        return new ServerCommand("create", """
            Makes a token of your own, or of a service if you are an admin. Its secret is shown this once, on stdout.

            Example: slipway tokens create "nightly training" --user ci --scope read,edit --expires 90d
            """) { name, user, scope, expires }.Runs(async (talk, cancellationToken) =>
        {
            var owner = await OwnerAsync(talk, user, cancellationToken);
            var until = talk.Get(expires) is { } span ? TimeProvider.System.GetUtcNow().Add(Moment.ParseSpan(span)).ToUnixTimeMilliseconds() : (long?)null;
            var made = await talk.Client.CreateTokenAsync(owner, new CreateTokenRequest(talk.Get(name), talk.Get(scope), until), cancellationToken);
            if (!talk.IsJson)
            {
                await Conversation.SayAsync($"Token {made.Token.Id} of {owner}, for {made.Token.Scope}; ends: {Until(made.Token)}. Keep it now: it is not shown again.");
            }

            return await talk.AnswerAsync(made, answer => answer.Secret);
        });
    }

    private static ServerCommand List()
    {
        var user = Owner();
        return new ServerCommand("list", """
            Lists tokens without their secrets: your own, or anybody's for admins and auditors.

            Example: slipway tokens list
            """) { user }.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(
                new TokensResponse(await talk.Client.ListTokensAsync(await OwnerAsync(talk, user, cancellationToken), cancellationToken)),
                answer => TextTable.Of(["ID", "NAME", "SCOPE", "SINCE", "ENDS"], answer.Tokens.Select(token => new[]
                {
                    token.Id.ToString(CultureInfo.InvariantCulture), token.Name, token.Scope, Moment.Of(token.CreatedAt), Until(token),
                }))));
    }

    private static ServerCommand Revoke()
    {
        var id = new Argument<long>("ID") { Description = "The token's number." };
        return new ServerCommand("revoke", """
            Ends a token before its time: no server accepts it any more within two seconds.

            Example: slipway tokens revoke 5
            """) { id }.Runs(async (talk, cancellationToken) =>
        {
            await talk.Client.RevokeTokenAsync(talk.Get(id), cancellationToken);
            return await talk.AnswerAsync(EmptyResponse.Value, _ => $"Revoked token {talk.Get(id)}.");
        });
    }

    private static Option<string?> Owner() => new("--user") { Description = "Whose; your own unless told otherwise.", HelpName = "NAME" };

    private static async Task<string> OwnerAsync(Conversation talk, Option<string?> user, CancellationToken cancellationToken) =>
        talk.Get(user) ?? (await talk.Client.GetMeAsync(cancellationToken)).Name;

    private static string Until(AccessToken token) => token.RevokedAt is not null ? "revoked" : token.ExpiresAt is { } at ? Moment.Of(at) : "never";
}
