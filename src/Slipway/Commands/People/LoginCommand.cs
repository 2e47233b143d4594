using System.CommandLine;
using Slipway.Client;
using Slipway.Wire.Identity;

namespace Slipway.Commands.People;

/// <summary>Remembers a server and who one is there.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var user = new Option<string?>("--user") { Description = "Log in with this name and a password, for which a token is made. Without it you are asked for a token.", HelpName = "NAME" };
        var command = new ServerCommand("login", """
            Remembers a server and a token of yours for all later commands, in a file that only you can read.
            The password or the token is asked from the terminal, or read from stdin; a flag or the environment
            (SLIPWAY_SERVER, SLIPWAY_TOKEN) wins over what is remembered.

            Example: slipway login --server https://slipway.example.org --user ann
            """) { user };
        return command.Runs(async (talk, cancellationToken) =>
        {
            var login = talk.Get(user) is { } name ? await ByPasswordAsync(talk.Client.Server, name, cancellationToken) : await ByTokenAsync(talk.Client.Server);
            using var client = new SlipwayClient(talk.Client.Server, login.Token);
            var me = await client.GetMeAsync(cancellationToken);
            login.Save();
            await Conversation.SayAsync($"Logged in to {login.Server} as {me.Name}.");
            return ExitCode.Done;
        });
    }

    private static async Task<StoredLogin> ByPasswordAsync(Uri server, string name, CancellationToken cancellationToken)
    {
        using var client = new SlipwayClient(server, name, await Secrets.AskAsync($"Password of {name}: "));
        var made = await client.CreateTokenAsync(name, new CreateTokenRequest($"slipway login on {Environment.MachineName}", null, null), cancellationToken);
        return new StoredLogin(server.ToString(), made.Secret, made.Token.Id);
    }

    private static async Task<StoredLogin> ByTokenAsync(Uri server) => new(server.ToString(), await Secrets.AskAsync("Token: "), TokenId: null);
}
