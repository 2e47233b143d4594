using System.CommandLine;
using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Delivery;

namespace Slipway.Commands.Delivery;

/// <summary>What is done with environments.</summary>
internal static class EnvironmentsCommand
{
    public static Command Create() => new("environments", "Environments: where stages are served, and how versions come there.")
    {
        CreateApply(),
        CreateList(),
        CreateShow(),
        CreateDelete(),
    };

    private static ServerCommand CreateApply()
    {
        var file = new Argument<string>("FILE") { Description = "The environment, in YAML." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say whether it can be used." };
        var seen = PipelinesCommand.SeenOption();
        var command = new ServerCommand("apply", """
            Puts the environment of a file in force: its gateway starts, and serves the versions that its stage holds. Every
            problem of the file is told at once, with its line.

            Example: slipway environments apply production.yaml
            """);
        command.Arguments.Add(file);
        command.Options.Add(dryRun);
        command.Options.Add(seen);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var text = await File.ReadAllTextAsync(talk.Get(file), cancellationToken);
            var isDry = talk.Get(dryRun);
            var applied = await talk.Client.ApplyEnvironmentAsync(new ApplyEnvironmentRequest(text, isDry), talk.Get(seen), cancellationToken);
            return await talk.AnswerAsync(applied, it => $"{it.Name} {it.Version} {(isDry ? "would be" : "is")} in force: {it.Stage} of {it.Models} {(isDry ? "would be" : "is")} served on {it.Listen}, {it.Strategy}.");
        });
    }

    private static ServerCommand CreateList() => new ServerCommand("list", """
        Lists the environments in force.

        Example: slipway environments list
        """).Runs(async (talk, cancellationToken) =>
        await talk.AnswerAsync(new EnvironmentsResponse(await talk.Client.ListEnvironmentsAsync(cancellationToken)), Text));

    private static ServerCommand CreateShow()
    {
        var name = new Argument<string>("NAME") { Description = "The environment." };
        var command = new ServerCommand("show", """
            Prints the file of an environment as it was applied. With --json: its version, who applied it and when too.

            Example: slipway environments show production
            """);
        command.Arguments.Add(name);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.GetEnvironmentAsync(talk.Get(name), cancellationToken), environment => environment.Text ?? ""));
    }

    private static ServerCommand CreateDelete()
    {
        var name = new Argument<string>("NAME") { Description = "The environment." };
        var seen = PipelinesCommand.SeenOption();
        var command = new ServerCommand("delete", """
            Takes an environment out of force: its gateway and workers end. No version of a model moves.

            Example: slipway environments delete staging
            """);
        command.Arguments.Add(name);
        command.Options.Add(seen);
        return command.Runs(async (talk, cancellationToken) =>
        {
            await talk.Client.DeleteEnvironmentAsync(talk.Get(name), talk.Get(seen), cancellationToken);
            return await talk.AnswerAsync(EmptyResponse.Value, _ => $"{talk.Get(name)} is out of force.");
        });
    }

    private static string Text(EnvironmentsResponse answer) => answer.Environments.Count == 0
        ? "No environment is in force: nothing is served, and stages change at once."
        : TextTable.Of(["NAME", "VERSION", "STAGE", "MODELS", "LISTENS ON", "WORKERS", "ROLLOUT"], answer.Environments.Select(environment => (IReadOnlyList<string>)
        [
            environment.Name,
            environment.Version.ToString(CultureInfo.InvariantCulture),
            environment.Stage,
            environment.Models,
            environment.Listen,
            environment.Workers.ToString(CultureInfo.InvariantCulture),
            environment.Strategy,
        ]));
}
