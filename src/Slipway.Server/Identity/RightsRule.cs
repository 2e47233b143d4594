using Slipway.Server.Datasets;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Judges every change in its own transaction, and keeps grants in step with the objects that they are on.</summary>
internal sealed class RightsRule(Rights rights) : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        // Whoever is no caller is the server itself.
        if (change.Info.Actor is Caller caller)
        {
            await rights.JudgeAsync(change, caller, cancellationToken);
            RefuseNarrowScope(caller);
        }

        if (request is DeleteRegisteredModel deleted && await RegisteredModels.FindAsync(change, deleted.Name, cancellationToken) is { } model)
        {
            change.Set(new Doomed(model.Id));
        }
    }

    /// <summary>Whoever makes an object may manage it.</summary>
    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        // Not before: other rules still ask who may delete it.
        if (change.Find<Doomed>() is { } doomed)
        {
            await Grants.RemoveAllAsync(change, Securable.Model(doomed.Model), cancellationToken);
        }

        if (change.Info.Actor is not Caller { Principal.Id: { } maker } || await MadeAsync(change, request, cancellationToken) is not { } made)
        {
            return;
        }

        await Grants.SetAsync(change, made, new Grant(maker, AccessLevel.Manage), cancellationToken);
    }

    // What everybody may change, such as to make a model, takes no permission that a scope could lack.
    private static void RefuseNarrowScope(Caller caller)
    {
        if (caller.Demand.Permission <= Permission.Known && !caller.Principal.Scope.Allows(Permission.Edit))
        {
            throw new RefusedException($"Permission denied: the token may be used for {caller.Principal.Scope}, and this needs edit.");
        }
    }

    private static async Task<Securable?> MadeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => request switch
    {
        CreateRegisteredModel model => Securable.Model((await RegisteredModels.GetAsync(change, model.Name, cancellationToken)).Id),
        CreateExperiment experiment => Securable.Experiment((await Experiments.FindByNameAsync(change, experiment.Name, cancellationToken))!.Id),
        AddDatasetVersion => change.Find<MadeDataset>() is { } dataset ? Securable.Dataset(dataset.Id) : null,
        _ => null,
    };

    /// <summary>The model that the change deletes.</summary>
    private sealed record Doomed(long Model);
}
