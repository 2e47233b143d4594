using System.CommandLine;
using System.Text.Json;
using Slipway.Serving.Pickles;

namespace Slipway.Commands.Serving;

/// <summary>Tells what the pickles in a folder would import, without loading any.</summary>
internal static class ScanModelCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The model's folder." };
        var allowed = new Option<string[]>("--allow-import") { Description = "A name that pickles may import beside the usual: package.module.Name, or package.* for all below a package.", HelpName = "NAME", DefaultValueFactory = _ => [] };
        var json = new Option<bool>("--json") { Description = "Answers in JSON." };
        var command = new Command("scan", """
            Tells what the pickles in a model's folder would import, and what of it is refused. Nothing is loaded, and no server
            asked. Exit code 1 when something is refused.

            Example: slipway models scan ./mlruns/1/models/m-1/artifacts
            """)
        {
            folder, allowed, json,
        };
        command.SetAction((parsed, _) => AnswerAsync(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(allowed), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> AnswerAsync(string folder, string[] allowed, bool json)
    {
        try
        {
            var reports = ModelScan.Folder(folder, [], AllowedImports.With(allowed));
            await Console.Out.WriteLineAsync(json ? Json(reports) : Text(reports));
            return reports.Values.All(report => report.Passed) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            await Console.Error.WriteLineAsync($"slipway: {exception.Message}");
            return ExitCode.WrongUsage;
        }
    }

    private static string Text(IReadOnlyDictionary<string, PickleReport> reports) => reports.Count == 0 ? "There are no pickles." : string.Join('\n', reports.SelectMany(report =>
        report.Value.Imports.Select(import => $"  {(import.Grant == Grant.Refused ? "refused" : "allowed")} {import}").Order(StringComparer.Ordinal)
            .Concat(report.Value.Findings.Select(finding => FormattableString.Invariant($"  at byte {finding.Position}: {finding.Reason}")))
            .Prepend($"{report.Key}: {(report.Value.Passed ? "passed" : "refused")}")));

    private static string Json(IReadOnlyDictionary<string, PickleReport> reports)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var (path, report) in reports)
            {
                Write(writer, path, report);
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string path, PickleReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("path", path);
        writer.WriteBoolean("passed", report.Passed);
        writer.WriteStartArray("imports");
        foreach (var import in report.Imports)
        {
            writer.WriteStringValue(import.ToString());
        }

        writer.WriteEndArray();
        writer.WriteStartArray("refused");
        foreach (var finding in report.Findings)
        {
            writer.WriteStartObject();
            writer.WriteString("reason", finding.Reason);
            writer.WriteNumber("position", finding.Position);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
