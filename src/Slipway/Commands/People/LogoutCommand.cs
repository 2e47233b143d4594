using System.CommandLine;
using Slipway.Client;

namespace Slipway.Commands.People;

/// <summary>Forgets what <c>slipway login</c> remembered.</summary>
internal static class LogoutCommand
{
    public static Command Create()
    {
        var command = new Command("logout", """
            Forgets the server and the token that 'slipway login' remembered, and revokes the token if login made it.

            Example: slipway logout
            """);
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (StoredLogin.Find() is not { } login)
        {
            await Conversation.SayAsync("Nobody is logged in.");
            return ExitCode.Done;
        }

        StoredLogin.Forget();
        if (login.TokenId is { } id)
        {
            try
            {
                using var client = new SlipwayClient(new Uri(login.Server), login.Token);
                await client.RevokeTokenAsync(id, cancellationToken);
            }
            catch (Exception exception) when (exception is SlipwayException or ServerUnreachableException)
            {
                await Conversation.SayAsync($"slipway: the token {id} is forgotten here, but could not be revoked: {exception.Message}");
                return ExitCode.Failed;
            }
        }

        await Conversation.SayAsync($"Logged out of {login.Server}.");
        return ExitCode.Done;
    }
}
