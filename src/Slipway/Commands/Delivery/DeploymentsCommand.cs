using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Wire.Delivery;

namespace Slipway.Commands.Delivery;

/// <summary>Shows what is served of a model.</summary>
internal static class DeploymentsCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("NAME") { Description = "The model." };
        var limit = new Option<long?>("--limit") { Description = "How many at most; 10 unless told otherwise." };
        var command = new ServerCommand("deployments", """
            Shows what is served of a model in every environment, with its share of the traffic, and the rollouts that brought
            it there.

            Example: slipway deployments iris
            """);
        command.Arguments.Add(model);
        command.Options.Add(limit);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.GetDeploymentsAsync(talk.Get(model), talk.Get(limit) ?? 10, cancellationToken), Text));
    }

    private static string Text(DeploymentsResponse answer)
    {
        var text = new StringBuilder();
        var served = answer.Deployments.Where(deployment => deployment.EndedAt is null).ToList();
        text.AppendLine(served.Count == 0 ? "Nothing is served." : TextTable.Of(["ENVIRONMENT", "VERSION", "ROLE", "TRAFFIC", "REQUESTS", "FAILED", "P95 MS", "WORKERS"], served.Select(Row)));
        if (answer.Rollouts.Count > 0)
        {
            text.AppendLine(TextTable.Of(["ROLLOUT", "ENVIRONMENT", "VERSION", "FROM", "STATE", "BEGUN", "WHY"], answer.Rollouts.Select(Row)));
        }

        return text.ToString();
    }

    private static IReadOnlyList<string> Row(Deployment served) =>
    [
        served.Environment,
        served.Version,
        served.Role,
        served.Percent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0.#} %") : "",
        served.Requests?.ToString(CultureInfo.InvariantCulture) ?? "",
        served.Failures?.ToString(CultureInfo.InvariantCulture) ?? "",
        served.LatencyP95?.ToString("0.##", CultureInfo.InvariantCulture) ?? "",
        served.HealthyWorkers?.ToString(CultureInfo.InvariantCulture) ?? "",
    ];

    private static IReadOnlyList<string> Row(Rollout rollout) =>
    [
        rollout.Id.ToString(CultureInfo.InvariantCulture),
        rollout.Environment,
        rollout.Version,
        rollout.From ?? "",
        rollout.State == "under_way" ? $"{rollout.Phase}{(rollout.Step < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {rollout.Step + 1}"))}" : rollout.State,
        TimeText.Of(rollout.CreatedAt),
        rollout.Reason ?? "",
    ];
}
