using System.Globalization;
using System.Text.Json;
using Slipway.Serving.Gateway.Records;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Makes the table of an environment's gateway from what the database says.</summary>
/// <param name="folders">Lays out the files of versions.</param>
/// <param name="entry">Who decides about callers; null where everybody may come in.</param>
internal sealed class TableMaker(ModelFolders folders, EntryCheck? entry)
{
    /// <summary>The table, but for its epoch.</summary>
    /// <param name="picture">What the database says.</param>
    /// <param name="cancellationToken">Ends the laying out of files.</param>
    public async Task<(GatewayTable Table, IReadOnlyDictionary<long, string> Unserved)> MakeAsync(Picture picture, CancellationToken cancellationToken)
    {
        var (models, unserved) = (new List<ServedModel>(), new Dictionary<long, string>());
        foreach (var model in picture.Models)
        {
            var deployments = new List<Deployment>();
            foreach (var living in model.Living)
            {
                try
                {
                    deployments.Add(await DeploymentAsync(picture.Environment, model, living, cancellationToken));
                }
                catch (Fault fault) when (fault.Kind != FaultKind.Unavailable)
                {
                    unserved[living.Id] = fault.Message;
                }
            }

            if (deployments.Count > 0)
            {
                models.Add(Served(picture.Environment, model, deployments));
            }
        }

        return (Table(picture.Environment, models), unserved);
    }

    private GatewayTable Table(ServingEnvironment environment, List<ServedModel> models) => new()
    {
        Epoch = 0,
        Environment = environment.Name,
        Listen = environment.Listen,
        Entry = environment.IsPublic ? null : entry is null ? null : entry with { Address = string.Format(CultureInfo.InvariantCulture, entry.Address, environment.Name) },
        TimeoutSeconds = environment.Timeout.TotalSeconds,
        QueueLimit = environment.QueueLimit,
        Models = models,
    };

    private static ServedModel Served(ServingEnvironment environment, ServedModelPicture model, List<Deployment> deployments)
    {
        var candidate = deployments.Find(deployment => deployment.Role == DeploymentRole.Candidate);
        return new ServedModel
        {
            Name = model.Name,
            Deployments = deployments,
            Rollout = candidate is null || model.Rollout is not { } rollout ? null : Plan(environment, rollout, candidate),
            StickyHeader = environment.StickyHeader,
            RetryInFlight = environment.RetryInFlight,
            Watch = environment.IsWatched ? new DegradationWatch { Judge = environment.Rollout.Judge } : null,
        };
    }

    private static RolloutPlan Plan(ServingEnvironment environment, RolloutRow rollout, Deployment candidate) => new()
    {
        Id = rollout.Id.ToString(CultureInfo.InvariantCulture),
        Candidate = candidate.Id,

        // What a person has decided already is not judged once more, and without a baseline there is nothing to compare with.
        Strategy = rollout.Kind == RolloutKind.Follow || rollout.From is null ? RolloutStrategy.AllAtOnce : environment.Rollout.Strategy,
        Steps = environment.Rollout.Steps,
        Readiness = Sample(candidate.Folder),
        StartSeconds = environment.Rollout.Start.TotalSeconds,
        Judge = environment.Rollout.Judge,
    };

    private async Task<Deployment> DeploymentAsync(ServingEnvironment environment, ServedModelPicture model, DeploymentRow living, CancellationToken cancellationToken)
    {
        var version = model.Versions.GetValueOrDefault(living.Version) ?? throw Fault.Conflict($"Version {living.Number} of '{living.ModelName}' was deleted.");
        return new Deployment
        {
            Id = living.Id.ToString(CultureInfo.InvariantCulture),
            Version = living.Number.ToString(CultureInfo.InvariantCulture),
            Role = living.Role switch
            {
                DeploymentPlace.Stable => DeploymentRole.Stable,
                DeploymentPlace.Candidate => DeploymentRole.Candidate,
                _ => DeploymentRole.Previous,
            },
            Folder = await folders.PrepareAsync(version, cancellationToken),
            Workers = environment.Workers,
            Settings = environment.Python is { } python ? new Dictionary<string, string> { ["python"] = python } : new Dictionary<string, string>(),
        };
    }

    // The example that was logged with the model, in the form of a request.
    private static ReadinessSample? Sample(string folder)
    {
        const int limit = 1 << 20;
        var example = new FileInfo(Path.Join(folder, "serving_input_example.json"));
        if (!example.Exists || example.Length > limit)
        {
            return null;
        }

        try
        {
            var body = File.ReadAllText(example.FullName);
            using var _ = JsonDocument.Parse(body);
            return new ReadinessSample { Body = body };
        }
        catch (JsonException)
        {
            // A file of this name that is no example: health alone is asked for.
            return null;
        }
    }
}
