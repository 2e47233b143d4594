using System.CommandLine;

namespace Slipway.Commands;

/// <summary>Shuts a version out of all governed stages for good.</summary>
internal static class RevokeVersionCommand
{
    public static Command Create()
    {
        var version = new ModelVersionArguments();
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var command = new ServerCommand("revoke", """
            Shuts a version out of all stages of its pipeline for good: it can't be promoted, gone back to, or brought in by
            breaking the glass. Where it is, it stays until it is rolled back or archived.

            Example: slipway versions revoke iris 3 --reason "Trained on data that we must delete"
            """);
        version.AddTo(command);
        command.Options.Add(reason);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var revoked = await talk.Client.RevokeVersionAsync(version.Name(talk), await version.NumberAsync(talk, cancellationToken), talk.Get(reason)!, cancellationToken);
            return await talk.AnswerAsync(revoked, what => $"{what.Model} {what.Version} is revoked. It is in {what.Stage}{(what.Stage is "None" or "Archived" ? "." : $" and stays there: 'slipway rollback {what.Model} --stage {what.Stage}' goes back.")}");
        });
    }
}
