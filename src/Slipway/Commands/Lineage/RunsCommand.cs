using System.CommandLine;
using Slipway.Commands.Datasets;
using Slipway.Wire.Lineage;

namespace Slipway.Commands.Lineage;

/// <summary>What is done with runs beside what MLflow's own tools do.</summary>
internal static class RunsCommand
{
    public static Command Create() => new("runs", "Runs and the data that they used.")
    {
        CreateUse(),
        CreateDatasets(),
        LineageCommands.CreateForRun(),
    };

    private static ServerCommand CreateUse()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        var dataset = DatasetReferenceText.Argument();
        var context = new Option<string?>("--context") { Description = "What for, such as training.", HelpName = "TEXT" };
        var manifest = new Option<bool>("--manifest") { Description = "Write the artifact data/dataset_manifest.json too." };
        var command = new ServerCommand("use", """
            Says that a run uses a version of a dataset.

            Example: slipway runs use 8a1826e20917f4048adc0e77b56c4d0b sentiment-train@2.0.0 --context training
            """);
        command.Arguments.Add(run);
        command.Arguments.Add(dataset);
        command.Options.Add(context);
        command.Options.Add(manifest);
        return command.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(
            await talk.Client.UseDatasetAsync(talk.Get(run), new UseDatasetRequest(talk.Get(dataset), talk.Get(context), talk.Get(manifest) ? true : null), cancellationToken),
            Text));
    }

    private static ServerCommand CreateDatasets()
    {
        var run = new Argument<string>("RUN") { Description = "The run's id." };
        var command = new ServerCommand("datasets", """
            Lists the versions of datasets that a run used, and how that is known.

            Example: slipway runs datasets 8a1826e20917f4048adc0e77b56c4d0b
            """);
        command.Arguments.Add(run);
        return command.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(await talk.Client.ListRunDatasetsAsync(talk.Get(run), cancellationToken), Text));
    }

    private static string Text(RunDatasetsResponse used) => used.Datasets.Count == 0
        ? $"No dataset that {(used.Hidden > 0 ? "you may read" : "the server knows")}."
        : TextTable.Of(["DATASET", "HASH", "FOR", "KNOWN BY"], used.Datasets.Select(dataset => (IReadOnlyList<string>)
            [$"{dataset.Name}@{dataset.Version}", dataset.ByteDigest[..16], dataset.Context ?? "", string.Join(", ", dataset.How) + (dataset.Contradictory == true ? " (with the digest of other content)" : "")]));
}
