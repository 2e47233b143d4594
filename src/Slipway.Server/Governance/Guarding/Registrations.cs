using Slipway.Server.Artifacts;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>What follows when a version is registered: its files are known for what they are, and the pipeline may want it promoted.</summary>
internal sealed class Registrations(ArtifactPlaces places) : IRule
{
    private const string Justification = "The pipeline asks for it whenever a version is registered.";

    public Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is not CreateModelVersion created)
        {
            return;
        }

        // The one that was just made has the highest number.
        var model = await RegisteredModels.GetAsync(change, created.Name, cancellationToken);
        var version = await ModelVersions.FindHighestAsync(change, model.Id, cancellationToken) ?? throw new InvalidOperationException($"The version of {created.Name} that was just made is not there.");
        if (places.Find(version.DownloadUri) is { IsRoot: false } path)
        {
            await VersionRoots.AddAsync(change, path, version.Id, cancellationToken);
        }

        if (await Pipelines.FindForAsync(change, created.Name, cancellationToken) is { } pipeline)
        {
            await AskAsync(change, pipeline, version, cancellationToken);
        }
    }

    private static async Task AskAsync(Change change, Pipeline pipeline, ModelVersionRow version, CancellationToken cancellationToken)
    {
        foreach (var stage in pipeline.Stages.Where(stage => stage.OnRegistration))
        {
            await Promotions.AddAsync(change, new PromotionRow(await change.TakeIdsAsync("promotions", 1, cancellationToken), version.Model, version.Id, stage.Name)
            {
                ModelName = version.Name,
                Number = version.Version,
                State = PromotionState.Requested,
                Requester = (change.Info.Actor as Caller)?.Principal.Id,
                RequesterName = change.Info.Actor.Name,
                Justification = Justification,
                Going = Going.ForPipeline,
                CreatedAt = change.Info.At,
                UpdatedAt = change.Info.At,
                ExpiresAt = change.Info.At + (long)stage.Expiry.TotalMilliseconds,
            }, cancellationToken);
        }
    }
}
