using System.CommandLine;
using Slipway.Commands.Serving;
using Slipway.Wire.Auditing;

namespace Slipway.Commands;

/// <summary>Tells of registered models, and serves them.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "Tells of registered models, and serves them.")
    {
        At(),
        ServeModelCommand.Create(),
        ScanModelCommand.Create(),
        TrustCommands.Trust(),
        TrustCommands.Distrust(),
    };

    private static ServerCommand At()
    {
        var command = new ServerCommand("at", """
            Tells what a model was at a moment: the stages of its versions, who approved them, its aliases, and the pipeline in
            force. It is put together from the audit log alone.

            Example: slipway models at iris 2026-03-01T12:00Z
            """);
        var name = new Argument<string>("NAME") { Description = "The name that the model had then." };
        var time = new Argument<string>("TIME") { Description = "The moment: 2026-03-01T12:00Z." };
        command.Arguments.Add(name);
        command.Arguments.Add(time);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.GetModelAtAsync(talk.Get(name), talk.Get(time), cancellationToken), Text));
    }

    private static string Text(ModelPast past)
    {
        var aliases = past.Aliases.ToLookup(alias => alias.Version, alias => $"@{alias.Alias}");
        var table = TextTable.Of(["VERSION", "STAGE", "SINCE", "BY", "APPROVED BY", "ALIASES"], past.Versions.Select(version => (IReadOnlyList<string>)
        [
            version.Version, version.Stage, TimeText.Of(version.Since), version.By, string.Join(", ", (version.Approvals ?? []).Select(approval => approval.Approver)), string.Join(' ', aliases[version.Version]),
        ]));
        var pipeline = past.Pipeline is { } found ? $"pipeline {found.Name}, version {found.Version}" : "no pipeline";
        return $"{past.Name} at {TimeText.Of(past.Time)}, {pipeline}\n\n{table}";
    }
}
