using System.CommandLine;

namespace Slipway.Commands;

/// <summary>Answers for the code that a version's files hold, or no more.</summary>
internal static class TrustCommands
{
    public static Command Trust()
    {
        var version = new ModelVersionArguments();
        var reason = new Option<string>("--reason") { Description = "Why: who looked at the code, and how.", HelpName = "TEXT", Required = true };
        var command = new ServerCommand("trust", """
            Says that the code in a version's files may run: functions and classes pickled by value, names that are not on the
            list of what pickles may import, a 'code' folder. Workers load such a version then, and no other. It counts for the
            files as they are now, is on record in the audit log, and is for admins.

            Example: slipway models trust iris 3 --reason "read its preprocessing with Ann"
            """);
        version.AddTo(command);
        command.Options.Add(reason);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var trust = await talk.Client.TrustVersionAsync(version.Name(talk), await version.NumberAsync(talk, cancellationToken), talk.Get(reason)!, cancellationToken);
            return await talk.AnswerAsync(trust, what => $"{what.Model} {what.Version} is trusted, with the files {what.ManifestDigest}.");
        });
    }

    public static Command Distrust()
    {
        var version = new ModelVersionArguments();
        var command = new ServerCommand("distrust", "Takes the trust in a version's code back. Workers that have it loaded go on until they are replaced.");
        version.AddTo(command);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var trust = await talk.Client.DistrustVersionAsync(version.Name(talk), await version.NumberAsync(talk, cancellationToken), cancellationToken);
            return await talk.AnswerAsync(trust, what => $"{what.Model} {what.Version} is trusted no more.");
        });
    }
}
