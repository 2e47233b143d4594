using Slipway.Server.Artifacts;
using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Makes the experiment that is always there, at the first start.</summary>
internal sealed record CreateDefaultExperiment(ArtifactPlaces Places) : ChangeRequest<bool>
{
    public override string Action => "experiment.create";

    public override string Resource => "experiments/Default";

    public static async Task EnsureAsync(Spine spine, CancellationToken cancellationToken)
    {
        if (await spine.Database.ReadAsync(reader => Experiments.FindAsync(reader, 0, cancellationToken), cancellationToken) is null)
        {
            await MakeAsync(spine, cancellationToken);
        }
    }

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var row = new ExperimentRow(0, "Default", Places.LocationOf(0), change.Info.At, change.Info.At, null);
        if (!await Experiments.TryAddAsync(change, row, cancellationToken))
        {
            throw Fault.AlreadyExists("The default experiment exists.");
        }

        await ArtifactRoots.AddAsync(change, row.Id, Places.Find(row.ArtifactLocation), cancellationToken);
        return true;
    }

    private static async Task MakeAsync(Spine spine, CancellationToken cancellationToken)
    {
        try
        {
            await spine.Changes.MakeAsync(new Actor("slipway", "none", null), new CreateDefaultExperiment(spine.Places), cancellationToken);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.AlreadyExists)
        {
            // Another server on the same database was faster.
        }
    }
}
