using System.CommandLine;

namespace Slipway.Commands;

/// <summary>Prints a pipeline's file.</summary>
internal static class ShowPipelineCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The pipeline." };
        var version = new Option<long?>("--version") { Description = "Any that was ever applied; the one in force unless told otherwise." };
        var command = new ServerCommand("show", """
            Prints the file of a pipeline as it was applied. With --json: its version, who applied it and when, and its stages too.

            Example: slipway pipelines show iris --version 2
            """);
        command.Arguments.Add(name);
        command.Options.Add(version);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.GetPipelineAsync(talk.Get(name), talk.Get(version), cancellationToken), pipeline => pipeline.Text ?? ""));
    }
}
