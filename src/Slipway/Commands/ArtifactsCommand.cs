using System.CommandLine;
using Slipway.Wire.Content;

namespace Slipway.Commands;

/// <summary>Works on stored artifacts.</summary>
internal static class ArtifactsCommand
{
    public static Command Create() => new("artifacts", "Works on stored artifacts.") { CreatePut() };

    private static ServerCommand CreatePut()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "What to store." };
        var path = new Argument<string>("PATH") { Description = "What it is to be called, such as 0/RUN_ID/artifacts/model.bin." };
        var from = new Option<string?>("--base") { Description = "An artifact that is much the same; else what has the path now, if anything has.", HelpName = "PATH" };
        var command = new ServerCommand("put", """
            Stores a file among the artifacts and sends only what the server lacks of it. When it was interrupted, the same
            command goes on where that one stopped.

            Example: slipway artifacts put model.bin 0/RUN_ID/artifacts/model.bin --base 0/OTHER_RUN/artifacts/model.bin
            """);
        command.Arguments.Add(file);
        command.Arguments.Add(path);
        command.Options.Add(from);
        return command.Runs(async (talk, cancellationToken) =>
        {
            await using var content = talk.Get(file).OpenRead();
            var sent = await talk.Client.SendArtifactAsync(talk.Get(path), content, talk.Get(from), cancellationToken);
            await Conversation.SayAsync($"{sent.Sent:N0} of {sent.Size:N0} bytes were sent");
            return await talk.AnswerAsync(new UploadedResponse(sent.Sha256, sent.Size), stored => $"{stored.Sha256}  {talk.Get(path)}");
        });
    }
}
