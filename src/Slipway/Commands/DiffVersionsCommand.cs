using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Wire.Auditing;

namespace Slipway.Commands;

/// <summary>Compares two versions of a model.</summary>
internal static class DiffVersionsCommand
{
    public static Command Create()
    {
        var command = new ServerCommand("diff", """
            Compares params, metrics, input datasets, tests, files and signature of two versions.

            Example: slipway versions diff iris 2 3
            """);
        var (name, a, b) = (new Argument<string>("NAME") { Description = "The model." }, new Argument<string>("A") { Description = "One version." }, new Argument<string>("B") { Description = "The other." });
        command.Arguments.Add(name);
        command.Arguments.Add(a);
        command.Arguments.Add(b);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.DiffVersionsAsync(talk.Get(name), talk.Get(a), talk.Get(b), cancellationToken), Text));
    }

    private static string Text(VersionDiff diff)
    {
        var text = new StringBuilder();
        foreach (var section in diff.Sections)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{section.Section}: {section.Differences.Count} differ, {section.Same} the same{(section.Note is null ? "" : $" ({section.Note})")}");
            if (section.Differences.Count > 0)
            {
                text.Append(TextTable.Of(["", $"VERSION {diff.A}", $"VERSION {diff.B}"], section.Differences.Select(difference => (IReadOnlyList<string>)[$"  {difference.Key}", difference.A ?? "-", difference.B ?? "-"])));
            }
        }

        return text.ToString();
    }
}
