using System.CommandLine;
using System.Text;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Asks whether a version may enter a stage.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var version = new ModelVersionArguments();
        var stage = new Option<string>("--to") { Description = "The stage.", HelpName = "STAGE", Required = true };
        var command = new ServerCommand("check", """
            Says whether a version may enter a stage: every gate, what it wants and what was measured, and who would leave.
            Exit codes: 0 every gate is met, 1 some are not, 2 wrong usage, 3 the server is not reachable.

            Example: slipway check iris 3 --to Production
            """);
        version.AddTo(command);
        command.Options.Add(stage);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var number = await version.NumberAsync(talk, cancellationToken);
            var check = await talk.Client.CheckAsync(version.Name(talk), number, talk.Get(stage)!, cancellationToken);
            await talk.AnswerAsync(check, Text);
            return check.Met ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static string Text(CheckResponse check)
    {
        var what = $"{check.Name} {check.Version}";
        if (check.Gates.Count == 0)
        {
            return $"{what} may enter {check.Stage}: no gate is in front of it.";
        }

        var unmet = check.Gates.Count(gate => !gate.Met);
        var text = new StringBuilder()
            .AppendLine(unmet == 0 ? $"{what} may enter {check.Stage}: every gate is met." : $"{what} may not enter {check.Stage}: {unmet} of {check.Gates.Count} gates are not met.")
            .AppendLine()
            .Append(TextTable.Of(["GATE", "MET", "MEASURED", "REQUIRED"], check.Gates.Select(gate => (IReadOnlyList<string>)[gate.Gate, gate.Met ? "yes" : "NO", gate.Measured, gate.Required])));
        if (check.MetAt is { } metAt)
        {
            text.AppendLine().AppendLine($"Only time is missing: until {TimeText.Of(metAt)}.");
        }

        if (check.Archives.Count > 0)
        {
            text.AppendLine().AppendLine($"Would be archived: {string.Join(", ", check.Archives)}.");
        }

        return check.MayPromote ? text.ToString() : text.AppendLine().AppendLine("You may not promote it there yourself.").ToString();
    }
}
