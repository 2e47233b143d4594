using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Commands.Datasets;
using Slipway.Wire.Lineage;

namespace Slipway.Commands.Lineage;

/// <summary>Recalls versions of datasets, and takes that back.</summary>
internal static class RecallCommands
{
    public static Command CreateRecall() => Create("recall", """
        Says that a version of a dataset is not to be used any more, and lists every model version that depends on it and where
        it is in use. Pipelines with 'dataset: {not_recalled: true}' stop these from being promoted.

        Example: slipway datasets recall sentiment-train@1.0.0 --reason "Labels of March are wrong"
        """, (talk, name, version, reason, cancellationToken) => talk.Client.RecallDatasetAsync(name, version, reason, cancellationToken));

    public static Command CreateReinstate() => Create("reinstate", """
        Takes back that a version of a dataset was recalled.

        Example: slipway datasets reinstate sentiment-train@1.0.0 --reason "Checked: only the test set was wrong"
        """, (talk, name, version, reason, cancellationToken) => talk.Client.ReinstateDatasetAsync(name, version, reason, cancellationToken));

    private static ServerCommand Create(string verb, string description, Func<Conversation, string, string, string, CancellationToken, Task<DatasetRecall>> send)
    {
        var reference = DatasetReferenceText.Argument();
        var reason = new Option<string>("--reason") { Description = "Why; stays on record.", HelpName = "TEXT", Required = true };
        var command = new ServerCommand(verb, description);
        command.Arguments.Add(reference);
        command.Options.Add(reason);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var (name, version) = DatasetReferenceText.Parse(talk.Get(reference));
            return await talk.AnswerAsync(await send(talk, name, version, talk.Get(reason)!, cancellationToken), Text);
        });
    }

    private static string Depending(long count) => count == 1 ? "1 model version depends" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} model versions depend");

    private static string Text(DatasetRecall recall)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{recall.Dataset} is {(recall.Recalled ? "recalled" : "in use again")}. {Depending(recall.ModelVersions.Count + recall.Hidden)} on it{(recall.ModelVersions.Count > 0 ? ":" : ".")}");
        foreach (var version in recall.ModelVersions)
        {
            text.AppendLine(LineageCommands.Describe(version));
        }

        return recall.Hidden > 0 ? text.AppendLine(CultureInfo.InvariantCulture, $"{recall.Hidden} of them you may not read.").ToString() : text.ToString();
    }
}
