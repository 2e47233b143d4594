using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Puts a pipeline in force.</summary>
internal static class ApplyPipelineCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The pipeline, in YAML." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what it would come to." };
        var seen = PipelinesCommand.SeenOption();
        var command = new ServerCommand("apply", """
            Puts the pipeline of a file in force. Every problem of the file is told at once, with its line. No version of a
            model moves; the answer says which the pipeline governs, and which of them would not meet their gates today.

            Example: slipway pipelines apply iris.yaml --dry-run
            """);
        command.Arguments.Add(file);
        command.Options.Add(dryRun);
        command.Options.Add(seen);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var text = await File.ReadAllTextAsync(talk.Get(file), cancellationToken);
            var isDry = talk.Get(dryRun);
            var applied = await talk.Client.ApplyPipelineAsync(new ApplyPipelineRequest(text, isDry), talk.Get(seen), cancellationToken);
            return await talk.AnswerAsync(applied, answer => Text(answer, isDry));
        });
    }

    private static string Text(AppliedPipelineResponse applied, bool isDry)
    {
        var (pipeline, reach) = (applied.Pipeline, applied.Reach);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{pipeline.Name} {pipeline.Version} {Verb(applied.Changed, isDry)} for the models {pipeline.Models}: {(reach.Models.Count == 0 ? "none yet" : string.Join(", ", reach.Models))}");
        foreach (var version in reach.Versions)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {version.Name} {version.Version} in {version.Stage} {(version.Unmet.Count == 0 ? "meets its gates" : "would not meet its gates:")}");
            foreach (var unmet in version.Unmet)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {unmet}");
            }
        }

        return reach.Complete ? text.ToString() : text.AppendLine("  There are more than were looked at.").ToString();
    }

    private static string Verb(bool isChanged, bool isDry) => (isChanged, isDry) switch
    {
        (false, _) => "is in force already",
        (true, true) => "would be in force",
        _ => "is in force",
    };
}
