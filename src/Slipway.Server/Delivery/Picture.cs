using Slipway.Server.Governance;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>What the database says about an environment at one moment: what its stage holds, what is served, and what is under way.</summary>
/// <param name="Environment">As its file says.</param>
/// <param name="Models">Every model that it serves, served, or is to serve.</param>
internal sealed record Picture(ServingEnvironment Environment, IReadOnlyList<ServedModelPicture> Models)
{
    public static async Task<Picture> ReadAsync(Reader reader, EnvironmentRow row, CancellationToken cancellationToken)
    {
        var environment = row.Parse();
        var living = await Deployments.LivingAsync(reader, row.Name, cancellationToken);
        var rollouts = await Rollouts.UnderWayAsync(reader, row.Name, cancellationToken);
        var held = await HeldAsync(reader, environment, cancellationToken);
        var ids = living.Select(deployment => deployment.Model).Concat(rollouts.Select(rollout => rollout.Model)).Concat(held.Keys).Distinct().Order();
        var models = new List<ServedModelPicture>();
        foreach (var id in ids)
        {
            models.Add(await ModelAsync(reader, (held.GetValueOrDefault(id), rollouts.Find(rollout => rollout.Model == id)), (environment.Stage, living.FindAll(deployment => deployment.Model == id)), cancellationToken));
        }

        return new Picture(environment, models);
    }

    private static async Task<ServedModelPicture> ModelAsync(Reader reader, (ModelVersionRow? Holder, RolloutRow? Rollout) now, (string Stage, List<DeploymentRow> Living) served, CancellationToken cancellationToken)
    {
        var (stage, living) = served;
        var versions = new Dictionary<long, ModelVersionRow>();
        foreach (var id in living.Select(deployment => deployment.Version).Distinct())
        {
            if (await ModelVersions.FindAsync(reader, id, cancellationToken) is { } version)
            {
                versions.Add(id, version);
            }
        }

        return new ServedModelPicture(now.Holder, now.Rollout, living)
        {
            Versions = versions,
            Promotion = now.Rollout is { } rollout ? await PromotionAsync(reader, rollout, stage, cancellationToken) : null,
            IsRevoked = now.Rollout is { Trial: not null } trial && await Revocations.FindReasonAsync(reader, trial.Version, cancellationToken) is not null,
        };
    }

    private static Task<PromotionRow?> PromotionAsync(Reader reader, RolloutRow rollout, string stage, CancellationToken cancellationToken) =>
        rollout.Promotion is { } promotion ? Promotions.FindAsync(reader, promotion, cancellationToken)
        : rollout.Trial is not null ? Promotions.FindReadyAsync(reader, rollout.Model, stage, cancellationToken)
        : Task.FromResult<PromotionRow?>(null);

    // Of several versions in a stage, the one that entered it last is served.
    private static async Task<Dictionary<long, ModelVersionRow>> HeldAsync(Reader reader, ServingEnvironment environment, CancellationToken cancellationToken)
    {
        var all = await Environments.ListAsync(reader, cancellationToken);
        var held = new Dictionary<long, ModelVersionRow>();
        foreach (var (model, name) in await RegisteredModels.HoldingAsync(reader, environment.Stage, cancellationToken))
        {
            if (Environments.Choose(all.Where(row => row.Stage == environment.Stage), name)?.Name == environment.Name)
            {
                held[model] = (await ModelVersions.InStageAsync(reader, model, environment.Stage, cancellationToken))[0];
            }
        }

        return held;
    }
}

/// <summary>What the database says about one model in an environment.</summary>
/// <param name="Holder">The version that entered the stage last; null when it is empty.</param>
/// <param name="Rollout">The one under way.</param>
/// <param name="Living">What is served, each in its role.</param>
internal sealed record ServedModelPicture(ModelVersionRow? Holder, RolloutRow? Rollout, IReadOnlyList<DeploymentRow> Living)
{
    /// <summary>The versions of what is served, but for deleted ones.</summary>
    public required IReadOnlyDictionary<long, ModelVersionRow> Versions { get; init; }

    /// <summary>The promotion of the rollout under way; of a trial, one that waits for its end.</summary>
    public PromotionRow? Promotion { get; init; }

    /// <summary>Whether the version of the trial under way was revoked.</summary>
    public bool IsRevoked { get; init; }

    public DeploymentRow? Stable => In(DeploymentPlace.Stable);

    public DeploymentRow? Candidate => In(DeploymentPlace.Candidate);

    public DeploymentRow? Previous => In(DeploymentPlace.Previous);

    public string Name => Holder?.Name ?? Rollout?.ModelName ?? Living[0].ModelName;

    private DeploymentRow? In(string role) => Living.FirstOrDefault(deployment => deployment.Role == role);
}
