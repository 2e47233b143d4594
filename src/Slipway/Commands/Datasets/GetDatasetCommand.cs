using System.CommandLine;
using System.Globalization;

namespace Slipway.Commands.Datasets;

/// <summary>Restores a version byte for byte.</summary>
internal static class GetDatasetCommand
{
    public static Command Create()
    {
        var reference = DatasetReferenceText.Argument();
        var output = new Option<string?>("--output", "-o") { Description = "Where to: a file, or a folder where there are several files. By default the file's own name, or NAME-VERSION.", HelpName = "PATH" };
        var force = new Option<bool>("--force") { Description = "Replace what is there." };
        return new ServerCommand("get", """
            Restores a version byte for byte, and verifies its digests on the way. Nothing is at its place before all of it is.

            Example: slipway datasets get sentiment-train@1.0.0 -o train.csv
            """) { reference, output, force }.Runs(async (talk, cancellationToken) =>
        {
            var (name, word) = DatasetReferenceText.Parse(talk.Get(reference));
            var version = await talk.Client.GetDatasetVersionAsync(name, word, cancellationToken);
            var place = await new RestoredDataset(talk.Client, version, talk.Get(force)).RestoreAsync(talk.Get(output), cancellationToken);
            return await talk.AnswerAsync(version, done => string.Create(CultureInfo.InvariantCulture, $"{done.Name}@{done.Version} restored to {place}: {done.Size:N0} bytes, {done.ShortHash}"));
        });
    }
}
