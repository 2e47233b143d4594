using System.CommandLine;

namespace Slipway.Commands;

/// <summary>Takes a pipeline out of force.</summary>
internal static class DeletePipelineCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The pipeline." };
        var seen = PipelinesCommand.SeenOption();
        var command = new ServerCommand("delete", """
            Takes a pipeline out of force. Its versions stay on record, and no version of a model moves.

            Example: slipway pipelines delete iris
            """);
        command.Arguments.Add(name);
        command.Options.Add(seen);
        return command.Runs(async (talk, cancellationToken) =>
        {
            await talk.Client.DeletePipelineAsync(talk.Get(name), talk.Get(seen), cancellationToken);
            return await talk.AnswerAsync(Wire.EmptyResponse.Value, _ => $"{talk.Get(name)} is out of force.");
        });
    }
}
