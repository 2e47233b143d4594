using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Commands.Datasets;
using Slipway.Wire.Lineage;

namespace Slipway.Commands.Lineage;

/// <summary>Tells what was made from what.</summary>
internal static class LineageCommands
{
    public static Command CreateForDataset()
    {
        var reference = DatasetReferenceText.Argument();
        return WithDirection(new ServerCommand("lineage", """
            Tells what was trained on a version of a dataset: runs, models and their versions, over any number of steps.

            Example: slipway datasets lineage sentiment-train@1.0.0
            """), reference, "down", (talk, direction, cancellationToken) =>
        {
            var (name, version) = DatasetReferenceText.Parse(talk.Get(reference));
            return talk.Client.GetDatasetLineageAsync(name, version, direction, cancellationToken);
        });
    }

    public static Command CreateForVersion()
    {
        var version = new ModelVersionArguments();
        var command = new ServerCommand("lineage", """
            Tells what a version was made from: its run, logged model and data, over any number of steps.

            Example: slipway versions lineage sentiment-classifier 3
            """);
        version.AddTo(command);
        return WithDirection(command, null, "up", async (talk, direction, cancellationToken) =>
            await talk.Client.GetVersionLineageAsync(version.Name(talk), await version.NumberAsync(talk, cancellationToken), direction, cancellationToken));
    }

    public static Command CreateForRun()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        return WithDirection(new ServerCommand("lineage", """
            Tells what a run used and what was made of it, over any number of steps.

            Example: slipway runs lineage 8a1826e20917f4048adc0e77b56c4d0b
            """), run, "both", (talk, direction, cancellationToken) => talk.Client.GetRunLineageAsync(talk.Get(run), direction, cancellationToken));
    }

    private static ServerCommand WithDirection(ServerCommand command, Argument<string>? about, string usual, Func<Conversation, string, CancellationToken, Task<LineageResponse>> ask)
    {
        var direction = new Option<string>("--direction") { Description = $"up to what it was made from, down to what was made from it, or both; {usual} unless given.", DefaultValueFactory = _ => usual, HelpName = "up|down|both" };
        direction.AcceptOnlyFromAmong("up", "down", "both");
        if (about is not null)
        {
            command.Arguments.Add(about);
        }

        command.Options.Add(direction);
        return command.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(await ask(talk, talk.Get(direction)!, cancellationToken), Text));
    }

    private static string Text(LineageResponse lineage)
    {
        var text = new StringBuilder();
        foreach (var node in lineage.Nodes)
        {
            text.AppendLine(Describe(node));
        }

        text.AppendLine();
        foreach (var edge in lineage.Edges)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{edge.From} -> {edge.To}  {edge.How}{(edge.Contradictory == true ? ", but with the digest of other content" : "")}");
        }

        if (lineage.Hidden > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{lineage.Hidden} more that you may not read.");
        }

        if (lineage.Truncated)
        {
            text.AppendLine("There is more than is shown.");
        }

        return text.ToString();
    }

    /// <summary>One node in a line.</summary>
    public static string Describe(LineageNode node)
    {
        var facts = new[]
        {
            node.Name,
            node.Stage is null or "None" ? null : $"in {node.Stage}",
            node.ServedIn is null ? null : $"served in {string.Join(", ", node.ServedIn)}",
            node.Aliases is null ? null : string.Join(' ', node.Aliases.Select(alias => "@" + alias)),
            node.Deleted == true ? "deleted" : null,
            node.Purged == true ? "purged" : null,
            node.RecallReason is null ? null : $"recalled: {node.RecallReason}",
        };
        return string.Join("  ", facts.OfType<string>().Where(fact => fact.Length > 0).Prepend(node.Id));
    }
}
