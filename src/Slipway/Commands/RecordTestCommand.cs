using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Puts the result of a test on record.</summary>
internal static class RecordTestCommand
{
    private static readonly Option<bool> Passed = new("--passed") { Description = "It passed." };
    private static readonly Option<bool> Failed = new("--failed") { Description = "It failed." };
    private static readonly Option<bool> Error = new("--error") { Description = "It could not be run to its end." };
    private static readonly Option<string[]> Measured = new("--measured") { Description = "What it measured, as name=value; may be given several times.", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Link = new("--link") { Description = "Where more is told.", HelpName = "URL" };
    private static readonly Option<string?> Inputs = new("--inputs-digest") { Description = "A digest of what the test was given." };

    public static Command Create()
    {
        var version = new ModelVersionArguments();
        var test = new Argument<string>("TEST") { Description = "The test's name, such as schema_test." };
        var command = new ServerCommand("record", """
            Puts the result of a test of a model version on record. The latest result of each name is what gates read.

            Example: slipway tests record iris 3 load_test --passed --measured p95_ms=12.5 requests=10000
            """);
        version.AddTo(command);
        command.Arguments.Add(test);
        foreach (var option in new Option[] { Passed, Failed, Error, Measured, Link, Inputs })
        {
            command.Options.Add(option);
        }

        return command.Runs(async (talk, cancellationToken) =>
        {
            var request = new RecordTestRequest(talk.Get(test), Outcome(talk), Values(talk.Get(Measured) ?? []), talk.Get(Link), talk.Get(Inputs));
            var result = await talk.Client.RecordTestAsync(version.Name(talk), await version.NumberAsync(talk, cancellationToken), request, cancellationToken);
            return await talk.AnswerAsync(new TestResponse(result), answer => $"{answer.Test.Name} {answer.Test.Outcome} is on record as {answer.Test.Id}.");
        });
    }

    private static string Outcome(Conversation talk)
    {
        var given = new[] { (talk.Get(Passed), "passed"), (talk.Get(Failed), "failed"), (talk.Get(Error), "error") }.Where(option => option.Item1).ToList();
        return given is [var one] ? one.Item2 : throw new UsageException("Say one of --passed, --failed and --error.");
    }

    private static Dictionary<string, JsonElement> Values(IEnumerable<string> measured)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var text in measured)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UsageException($"'{text}' is no measured value; it looks like p95_ms=12.5.");
            }

            values[text[..equals]] = Value(text[(equals + 1)..]);
        }

        return values;
    }

    private static JsonElement Value(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
        ? JsonSerializer.SerializeToElement(number, CommandJson.Default.Double)
        : JsonSerializer.SerializeToElement(text, CommandJson.Default.String);
}
