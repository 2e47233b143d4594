using System.CommandLine;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Goes back to a version that served before.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The model." };
        var version = new Argument<string?>("VERSION") { Description = "Where to; the last version that was in the stage and was not gone back from, unless it is told.", Arity = ArgumentArity.ZeroOrOne };
        var stage = new Option<string?>("--stage") { Description = "In which stage; Production unless told otherwise.", HelpName = "STAGE" };
        var reason = new Option<string?>("--reason") { Description = "Why.", HelpName = "TEXT" };
        var command = new ServerCommand("rollback", """
            Lets a version serve again that did before, and archives the one that entered last. No gate is asked, and no freeze
            stops it; a version that was revoked, deleted or altered is refused.
            Exit codes: 0 done, 1 refused, 2 wrong usage, 3 the server is not reachable.

            Example: slipway rollback iris --reason "Errors since noon"
            """);
        command.Arguments.Add(name);
        command.Arguments.Add(version);
        command.Options.Add(stage);
        command.Options.Add(reason);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var change = await talk.Client.RollBackAsync(talk.Get(name), new RollBackRequest(talk.Get(version), talk.Get(stage), talk.Get(reason)), cancellationToken);
            return await talk.AnswerAsync(change, Text);
        });
    }

    private static string Text(StageChange back) => back switch
    {
        { Rollout: { } rollout, Version: "" } => $"Rollout {rollout} is ended: {back.Model} {back.From} does not come to {back.Stage}.",
        { Rollout: { } rollout } => $"Rollout {rollout} is ended: {back.Model} {back.Version} goes on serving in {back.Stage}, and {back.From} does not come.",
        _ => $"{back.Model} {back.Version} is in {back.Stage} again{(back.From is null ? "" : $"; {back.From} is archived")}.",
    };
}
