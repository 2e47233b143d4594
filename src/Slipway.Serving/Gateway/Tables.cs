using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway;

/// <summary>What a table has to be like before anything is done with it.</summary>
internal static class Tables
{
    /// <summary>All that is wrong with it.</summary>
    public static IEnumerable<string> Problems(GatewayTable table)
    {
        if (!Uri.TryCreate(table.Listen, UriKind.Absolute, out var listen) || listen.Scheme != Uri.UriSchemeHttp)
        {
            yield return $"listen can't be '{table.Listen}': http://ADDRESS:PORT.";
        }

        if (table.TimeoutSeconds <= 0 || table.RequestsPerWorker < 1 || table.QueueLimit < 0)
        {
            yield return "timeout_seconds and requests_per_worker have to be more than 0, and queue_limit at least that.";
        }

        foreach (var twice in table.Models.CountBy(model => model.Name).Where(model => model.Value > 1))
        {
            yield return $"The model '{twice.Key}' is there twice.";
        }

        foreach (var twice in table.Models.SelectMany(model => model.Deployments).CountBy(deployment => deployment.Id).Where(deployment => deployment.Value > 1))
        {
            yield return $"The deployment '{twice.Key}' is there twice.";
        }

        foreach (var problem in table.Models.SelectMany(Problems))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Problems(ServedModel model)
    {
        if (model.Deployments.Count(deployment => deployment.Role == DeploymentRole.Stable) > 1)
        {
            yield return $"{model.Name} has more than one stable deployment.";
        }

        if (model.Rollout is not { } rollout)
        {
            yield break;
        }

        if (model.Deployments.All(deployment => deployment.Id != rollout.Candidate))
        {
            yield return $"The candidate '{rollout.Candidate}' is no deployment of {model.Name}.";
        }

        if (rollout.Strategy is RolloutStrategy.Canary or RolloutStrategy.Trial && rollout.Steps.Count == 0)
        {
            yield return $"The rollout of {model.Name} has no steps.";
        }

        if (rollout.Steps.Any(step => step.Percent is not (> 0 and <= 100)))
        {
            yield return $"Each step of {model.Name} needs a percent of more than 0 and at most 100.";
        }

        if (rollout.Judge.FalseAlarms is not (> 0 and < 1))
        {
            yield return "false_alarms has to be more than 0 and less than 1.";
        }
    }
}
