using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Wire.Auditing;

namespace Slipway.Commands;

/// <summary>Tells every stage that a version was in.</summary>
internal static class VersionHistoryCommand
{
    public static Command Create()
    {
        var command = new ServerCommand("history", """
            Tells every stage that a version was in, from when to when, by whom, and on which evidence.

            Example: slipway versions history iris 3
            """);
        var (name, version) = (new Argument<string>("NAME") { Description = "The model." }, new Argument<string>("VERSION") { Description = "The version's number." });
        command.Arguments.Add(name);
        command.Arguments.Add(version);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.GetVersionHistoryAsync(talk.Get(name), talk.Get(version), cancellationToken), Text));
    }

    private static string Text(VersionHistory history)
    {
        var text = new StringBuilder();
        foreach (var stay in history.Stays)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{stay.Stage}  from {TimeText.Of(stay.From)} by {stay.By} ({stay.Action}, entry {stay.Sequence}){(stay.Reason is null ? "" : $": {stay.Reason}")}");
            foreach (var approval in stay.Approvals ?? [])
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    approved by {approval.Approver} at {TimeText.Of(approval.Time)}{(string.IsNullOrEmpty(approval.Comment) ? "" : $": {approval.Comment}")}");
            }

            foreach (var gate in stay.Gates ?? [])
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {gate.Gate} was {gate.Measured}, required {gate.Required}{(gate.Evidence is null ? "" : $" ({gate.Evidence})")}");
            }

            if (stay.To is not null)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    until {TimeText.Of(stay.To.Value)} by {stay.EndedBy} ({stay.EndedAction}, entry {stay.EndedSequence})");
            }
        }

        return text.ToString();
    }
}
