using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Wire.Delivery;

namespace Slipway.Commands.Delivery;

/// <summary>Tries a version beside the one that serves.</summary>
internal static class TrialsCommand
{
    private const long Most = 1000;

    private static readonly string[] Numbers = ["baseline", "candidate", "candidate_samples", "tolerated", "evidence", "bound"];

    public static Command Create() => new("ab", "Trials: a version of an earlier stage beside the one that serves, for a time.")
    {
        CreateStart(),
        CreateStop(),
        CreateList(),
        CreateShow(),
    };

    private static ServerCommand CreateStart()
    {
        var version = new ModelVersionArguments();
        var environment = new Option<string>("--env") { Description = "Where.", HelpName = "NAME", Required = true };
        var percent = new Option<double?>("--percent") { Description = "Its share of the traffic, at most 50; 10 unless told otherwise." };
        var time = new Option<string?>("--for") { Description = "How long, such as 30m; 24h unless told otherwise.", HelpName = "TIME" };
        var samples = new Option<long?>("--samples") { Description = "How many requests it has to answer in that time; 200 unless told otherwise." };
        var metrics = new Option<string[]>("--metric") { Description = "What is compared: of errors, latency, predictions, schema and accuracy; all unless told otherwise.", HelpName = "METRIC", AllowMultipleArgumentsPerToken = true };
        var command = new ServerCommand("start", """
            Serves a version of an earlier stage, such as Staging, beside the stable one of an environment. No stage changes.
            When the time is over, or as soon as the version is found to be worse, it ends in the test a_b_test of the version.

            Example: slipway ab start iris 3 --env production --percent 10 --for 24h --metric errors latency
            """);
        version.AddTo(command);
        foreach (var option in new Option[] { environment, percent, time, samples, metrics })
        {
            command.Options.Add(option);
        }

        return command.Runs(async (talk, cancellationToken) =>
        {
            var request = new StartTrialRequest(talk.Get(environment), talk.Get(percent), talk.Get(time), talk.Get(samples), talk.Get(metrics));
            var trial = await talk.Client.StartTrialAsync(version.Name(talk), await version.NumberAsync(talk, cancellationToken), request, cancellationToken);
            return await talk.AnswerAsync(trial, it => $"Trial {it.Id}: {it.Model} {it.Version} gets {Percent(it)} of the traffic in {it.Environment} beside {it.From}. See 'slipway ab show {it.Model}'; end it with 'slipway ab stop {it.Model}'.");
        });
    }

    private static ServerCommand CreateStop()
    {
        var name = Name();
        var environment = new Option<string?>("--env") { Description = "Where, if several trials of the model are under way.", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Why.", HelpName = "TEXT" };
        var command = new ServerCommand("stop", """
            Ends a trial before its time: all traffic is the stable version's again, and no test is recorded.

            Example: slipway ab stop iris --reason "wrong version"
            """);
        command.Arguments.Add(name);
        command.Options.Add(environment);
        command.Options.Add(reason);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var trial = await talk.Client.StopTrialAsync(talk.Get(name), new StopTrialRequest(talk.Get(environment), talk.Get(reason)), cancellationToken);
            return await talk.AnswerAsync(trial, it => $"Trial {it.Id} of {it.Model} {it.Version} in {it.Environment} is ended.");
        });
    }

    private static ServerCommand CreateList()
    {
        var name = Name();
        var command = new ServerCommand("list", """
            Lists the trials of a model, the last one first.

            Example: slipway ab list iris
            """);
        command.Arguments.Add(name);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(new DeploymentsResponse([], await TrialsAsync(talk, talk.Get(name), cancellationToken)), answer => Text(answer.Rollouts)));
    }

    private static ServerCommand CreateShow()
    {
        var name = Name();
        var id = new Argument<long?>("ID") { Description = "The trial's number; the last one unless told otherwise.", Arity = ArgumentArity.ZeroOrOne };
        var command = new ServerCommand("show", """
            Shows a trial, and what the judge saw last. With --json: the looks of the judge.

            Example: slipway ab show iris
            """);
        command.Arguments.Add(name);
        command.Arguments.Add(id);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var number = talk.Get(id);
            var trial = (await TrialsAsync(talk, talk.Get(name), cancellationToken)).FirstOrDefault(trial => number is null || trial.Id == number)
                ?? throw new UsageException($"There is no {(number is null ? "trial" : $"trial {number}")} of '{talk.Get(name)}'.");
            var looks = await LooksAsync(talk, trial, cancellationToken);
            return await talk.AnswerAsync(new RolloutLooksResponse(looks), answer => $"{Text([trial])}\n{(answer.Looks.Count == 0 ? "The judge has seen nothing yet." : Text(answer.Looks[^1]))}");
        });
    }

    private static Argument<string> Name() => new("NAME") { Description = "The model." };

    private static async Task<IReadOnlyList<Rollout>> TrialsAsync(Conversation talk, string model, CancellationToken cancellationToken) =>
        [.. (await talk.Client.GetDeploymentsAsync(model, Most, cancellationToken)).Rollouts.Where(rollout => rollout.Kind == "trial")];

    private static async Task<List<RolloutLook>> LooksAsync(Conversation talk, Rollout trial, CancellationToken cancellationToken)
    {
        var looks = new List<RolloutLook>();
        while (await talk.Client.GetLooksAsync(trial.Model, trial.Id, looks.Count == 0 ? null : looks[^1].Number, cancellationToken) is { Count: > 0 } page)
        {
            looks.AddRange(page);
        }

        return looks;
    }

    private static string Text(IReadOnlyList<Rollout> trials) => trials.Count == 0 ? "No version was tried." : TextTable.Of(["TRIAL", "ENVIRONMENT", "VERSION", "BESIDE", "TRAFFIC", "ENDS", "METRICS", "STATE", "WHY"], trials.Select(trial => (IReadOnlyList<string>)
    [
        trial.Id.ToString(CultureInfo.InvariantCulture),
        trial.Environment,
        trial.Version,
        trial.From ?? "",
        Percent(trial),
        (trial.EndedAt ?? trial.EndsAt) is { } end ? TimeText.Of(end) : "",
        trial.Metrics is { Count: > 0 } metrics ? string.Join(' ', metrics) : "all",
        trial.State == "under_way" ? trial.Phase : trial.State,
        trial.Reason ?? "",
    ]));

    private static string Text(RolloutLook look) => TextTable.Of(["SIGNAL", "STABLE", "TRIED", "REQUESTS", "TOLERATED", "EVIDENCE", "FAILS AT", "VERDICT"], look.Seen.GetProperty("signals").EnumerateArray().Select(signal => (IReadOnlyList<string>)
    [
        signal.TryGetProperty("part", out var part) ? $"{signal.GetProperty("signal").GetString()} {part.GetString()}" : signal.GetProperty("signal").GetString() ?? "",
        .. Numbers.Select(name => Text(signal.GetProperty(name))),
        signal.GetProperty("verdict").GetString() ?? "",
    ]));

    // What is not finite is written as a text.
    private static string Text(JsonElement number) => number.ValueKind == JsonValueKind.Number ? number.GetDouble().ToString("0.####", CultureInfo.InvariantCulture) : number.ToString();

    private static string Percent(Rollout trial) => string.Create(CultureInfo.InvariantCulture, $"{trial.Percent:0.##} %");
}
