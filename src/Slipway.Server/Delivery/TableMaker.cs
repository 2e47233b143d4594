using System.Globalization;
using Slipway.Server.Delivery.Testing;
using Slipway.Server.Governance.Trusting;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Models;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Makes the table of an environment's gateway from what the database says.</summary>
/// <param name="database">Knows what the models answered when they were tested.</param>
/// <param name="uploaders">Tells whether pickles may be loaded where they can't be shut in.</param>
/// <param name="folders">Lays out the files of versions.</param>
/// <param name="usual">Who decides about callers, null where everybody may come in; and the Python where the environment names none.</param>
internal sealed class TableMaker(Database database, Uploaders uploaders, ModelFolders folders, (EntryCheck? Entry, string? Python) usual)
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
                models.Add(await ServedAsync(picture.Environment, model, deployments, cancellationToken));
            }
        }

        return (Table(picture.Environment, models), unserved);
    }

    private GatewayTable Table(ServingEnvironment environment, List<ServedModel> models) => new()
    {
        Epoch = 0,
        Environment = environment.Name,
        Listen = environment.Listen,
        Entry = environment.IsPublic || usual.Entry is not { } entry ? null : entry with { Address = string.Format(CultureInfo.InvariantCulture, entry.Address, environment.Name) },
        TimeoutSeconds = environment.Timeout.TotalSeconds,
        QueueLimit = environment.QueueLimit,
        Models = models,
    };

    private async Task<ServedModel> ServedAsync(ServingEnvironment environment, ServedModelPicture model, List<Deployment> deployments, CancellationToken cancellationToken)
    {
        var candidate = deployments.Find(deployment => deployment.Role == DeploymentRole.Candidate);
        return new ServedModel
        {
            Name = model.Name,
            Deployments = deployments,
            Rollout = candidate is null || model.Rollout is not { } rollout || IsAlone(rollout, deployments) ? null : Plan(environment, rollout, (candidate, await SampleAsync(model, candidate, cancellationToken))),
            StickyHeader = environment.StickyHeader,
            RetryInFlight = environment.RetryInFlight,
            Watch = environment.Watch.Count == 0 ? null : new DegradationWatch { Judge = environment.Rollout.Judge with { Signals = environment.Watch } },
        };
    }

    // Without the stable version all traffic would come to the one that is tried.
    private static bool IsAlone(RolloutRow rollout, List<Deployment> deployments) =>
        rollout.Kind == RolloutKind.Trial && !deployments.Exists(deployment => deployment.Role == DeploymentRole.Stable);

    private static RolloutPlan Plan(ServingEnvironment environment, RolloutRow rollout, (Deployment Deployment, ReadinessSample? Sample) candidate)
    {
        var plan = PlanByRules(environment, rollout, candidate);
        return rollout.Trial?.Bind(plan) ?? plan;
    }

    private static RolloutPlan PlanByRules(ServingEnvironment environment, RolloutRow rollout, (Deployment Deployment, ReadinessSample? Sample) candidate) => new()
    {
        Id = rollout.Id.ToString(CultureInfo.InvariantCulture),
        Candidate = candidate.Deployment.Id,

        // What a person has decided already is not judged once more, and without a baseline there is nothing to compare with.
        Strategy = rollout.Kind == RolloutKind.Follow || rollout.From is null ? RolloutStrategy.AllAtOnce : environment.Rollout.Strategy,
        Steps = environment.Rollout.Steps,
        Readiness = candidate.Sample,
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
            Settings = await SettingsAsync(environment, version, cancellationToken),
        };
    }

    private async Task<Dictionary<string, string>> SettingsAsync(ServingEnvironment environment, ModelVersionRow version, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>();
        if ((environment.Python ?? usual.Python) is { } python)
        {
            settings["python"] = python;
        }

        if (await database.ReadAsync(reader => Trusts.CoverAsync(reader, version.Id, version.ManifestDigest, cancellationToken), cancellationToken))
        {
            settings["trust-code"] = "true";
        }

        if (await uploaders.AreKnownAsync(cancellationToken))
        {
            settings["pickles"] = "trusted";
        }

        return settings;
    }

    // The example that was logged with the model has to give what it gave when the model was tested. Without one there is nothing to
    // be right about, but what the signature allows still warms up.
    private async Task<ReadinessSample?> SampleAsync(ServedModelPicture model, Deployment candidate, CancellationToken cancellationToken)
    {
        try
        {
            var folder = ModelFolder.Open(candidate.Folder);
            if (Sample.OfExample(folder) is not { } sample || model.Candidate is not { } row || model.Versions.GetValueOrDefault(row.Version) is not { } version)
            {
                return Sample.OfSignature(folder) is { } made ? new ReadinessSample { Body = made.Body, IsMadeUp = true } : null;
            }

            var recorded = await database.ReadAsync(reader => RecordedAnswers.FindAsync(reader, version, TestReply.DigestOf(sample.Body), cancellationToken), cancellationToken);
            return new ReadinessSample { Body = sample.Body, Expected = recorded };
        }
        catch (ModelFormatException)
        {
            // Its worker says what is wrong with it.
            return null;
        }
    }
}
