using System.CommandLine;
using System.Globalization;
using Slipway.Wire.Governance;

namespace Slipway.Commands.Delivery;

/// <summary>Runs tests of a version.</summary>
internal static class TestCommand
{
    private static readonly Option<string[]> Only = new("--only") { Description = "Of schema, inference, latency, load, distribution and accuracy; the first three unless told otherwise, and with a dataset those that need one.", HelpName = "TEST", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Dataset = new("--dataset") { Description = "The dataset version whose rows are sent.", HelpName = "NAME@VERSION" };
    private static readonly Option<string?> Label = new("--label") { Description = "The column of it that holds what is true.", HelpName = "COLUMN" };
    private static readonly Option<double?> Latency = new("--latency-p95-ms") { Description = "The longest 95th percentile for one row; 1000 unless told otherwise." };
    private static readonly Option<double?> Rate = new("--load-rate") { Description = "Requests a second of the load test; 20 unless told otherwise." };
    private static readonly Option<double?> Seconds = new("--load-seconds") { Description = "How long that is held; 5 unless told otherwise." };
    private static readonly Option<double?> Errors = new("--error-rate") { Description = "The highest share that may fail under load; 0.01 unless told otherwise." };
    private static readonly Option<double?> Accuracy = new("--accuracy") { Description = "The least share of right predictions; 0.5 unless told otherwise." };
    private static readonly Option<double?> Shift = new("--shift") { Description = "The population stability index against the version in Production that must not be reached; 0.2 unless told otherwise." };

    public static Command Create()
    {
        var version = new ModelVersionArguments();
        var command = new ServerCommand("test", """
            Runs tests of a model version in a worker of its own beside the server, and puts what they come to on record as
            evidence for gates.
            Exit codes: 0 all passed, 1 not all passed, 2 wrong usage, 3 the server is not reachable.

            Example: slipway test iris 3 --only schema inference latency
            Example: slipway test iris 3 --dataset iris-eval@1.0.0 --label species --accuracy 0.9
            """);
        version.AddTo(command);
        foreach (var option in new Option[] { Only, Dataset, Label, Latency, Rate, Seconds, Errors, Accuracy, Shift })
        {
            command.Options.Add(option);
        }

        return command.Runs(async (talk, cancellationToken) =>
        {
            var (name, number) = (version.Name(talk), await version.NumberAsync(talk, cancellationToken));
            var request = new RunTestsRequest(talk.Get(Only) is { Length: > 0 } only ? only : null, talk.Get(Dataset), talk.Get(Label), talk.Get(Latency), talk.Get(Rate), talk.Get(Seconds), talk.Get(Errors), talk.Get(Accuracy), talk.Get(Shift));
            await Conversation.SayAsync($"Testing {name} {number} …");
            var results = await talk.Client.RunTestsAsync(name, number, request, cancellationToken);
            await talk.AnswerAsync(new TestsResponse(results, null), Text);
            return results.All(result => result.Outcome == "passed") ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static string Text(TestsResponse answer) => TextTable.Of(["TEST", "OUTCOME", "MEASURED"], answer.Tests.Select(test => (IReadOnlyList<string>)
    [
        test.Name,
        test.Outcome,
        test.Measured is null ? "" : string.Join(", ", test.Measured.Where(entry => entry.Key != "answer").Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}={entry.Value}"))),
    ]));
}
