using System.CommandLine;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Lists the results of a version's tests.</summary>
internal static class ListTestsCommand
{
    public static Command Create()
    {
        var version = new ModelVersionArguments();
        var before = new Option<long?>("--before") { Description = "The next page, as the page before said." };
        var command = new ServerCommand("list", """
            Lists the results of a version's tests, the last recorded first.

            Example: slipway tests list iris 3
            """);
        version.AddTo(command);
        command.Options.Add(before);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var number = await version.NumberAsync(talk, cancellationToken);
            return await talk.AnswerAsync(await talk.Client.ListTestsAsync(version.Name(talk), number, talk.Get(before), cancellationToken), Text);
        });
    }

    private static string Text(TestsResponse answer)
    {
        var table = TextTable.Of(["TEST", "OUTCOME", "MEASURED", "BY", "AT"], answer.Tests.Select(test => (IReadOnlyList<string>)
        [
            test.Name,
            test.Outcome,
            string.Join(" ", (test.Measured ?? new Dictionary<string, System.Text.Json.JsonElement>()).Select(value => $"{value.Key}={value.Value}")),
            test.RecordedBy,
            TimeText.Of(test.RecordedAt),
        ]));
        return answer.Next is null ? table : $"{table}More: --before {answer.Next}";
    }
}
