using System.CommandLine;
using System.Globalization;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Lists the pipelines in force.</summary>
internal static class ListPipelinesCommand
{
    public static Command Create() => new ServerCommand("list", """
        Lists the pipelines in force.

        Example: slipway pipelines list
        """).Runs(async (talk, cancellationToken) =>
        await talk.AnswerAsync(new PipelinesResponse(await talk.Client.ListPipelinesAsync(cancellationToken)), Text));

    private static string Text(PipelinesResponse answer) => answer.Pipelines.Count == 0
        ? "No pipeline is in force: versions move between the standard stages as in MLflow."
        : TextTable.Of(["NAME", "VERSION", "MODELS", "STAGES", "APPLIED BY"], answer.Pipelines.Select(pipeline => (IReadOnlyList<string>)
        [
            pipeline.Name,
            pipeline.Version.ToString(CultureInfo.InvariantCulture),
            pipeline.Models,
            string.Join(", ", pipeline.Stages.Select(stage => stage.Name)),
            pipeline.AppliedBy ?? "",
        ]));
}
