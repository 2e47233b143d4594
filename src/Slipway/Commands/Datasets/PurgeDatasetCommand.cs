using System.CommandLine;
using Slipway.Wire;

namespace Slipway.Commands.Datasets;

/// <summary>Erases the content of a version.</summary>
internal static class PurgeDatasetCommand
{
    public static Command Create()
    {
        var (reference, reason) = (DatasetReferenceText.Argument(" An alias will not do."), new Option<string>("--reason") { Description = "Why; stays on record.", HelpName = "TEXT", Required = true });
        return new ServerCommand("purge", """
            Erases the content of a version, and its statistics, for good. Its digests stay, and so does what is known of its
            use. Takes an admin. The bytes are gone from disk after the next 'slipway gc'.

            Example: slipway datasets purge sentiment-train@1.0.0 --reason "consent withdrawn"
            """) { reference, reason }.Runs(async (talk, cancellationToken) =>
        {
            var (name, version) = DatasetReferenceText.Parse(talk.Get(reference));
            await talk.Client.PurgeDatasetVersionAsync(name, version, talk.Get(reason)!, cancellationToken);
            return await talk.AnswerAsync(EmptyResponse.Value, _ => $"{name}@{version} purged. 'slipway gc' removes the bytes from disk.");
        });
    }
}
