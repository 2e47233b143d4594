using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Guards every way into a stage and out of it.</summary>
internal sealed class GovernanceRule(Rights rights) : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        if (request is IStageChange entry)
        {
            await AdmitAsync(change, entry, cancellationToken);
        }
    }

    public Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task AdmitAsync(Change change, IStageChange entry, CancellationToken cancellationToken)
    {
        var stage = await Pipelines.ReadStageAsync(change, entry.Name, entry.Stage, cancellationToken);
        if (entry is TransitionStage { ArchiveExisting: true } && !StageName.IsServed(stage))
        {
            throw Fault.Invalid($"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are {StageName.Staging} and {StageName.Production}.");
        }

        if (change.Info.Actor is Caller caller && await RegisteredModels.FindAsync(change, entry.Name, cancellationToken) is { } model)
        {
            await rights.RequireAsync(change, caller.Principal, (AccessLevel.Edit, Securable.Model(model.Id)), cancellationToken);
        }

        change.Set(new StagePass(stage, Leaving: null));
    }
}
