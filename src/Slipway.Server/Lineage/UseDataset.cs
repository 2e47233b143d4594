using Slipway.Server.Checks;
using Slipway.Server.Datasets;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Wire.Lineage;

namespace Slipway.Server.Lineage;

/// <summary>Says that a run uses a version of a dataset; saying it again changes only what for.</summary>
internal sealed record UseDataset(string RunId, DatasetReference Dataset, string? Context)
{
    private const int ContextLimit = 255;

    public static UseDataset Decode(string runId, UseDatasetRequest wire) => new(
        Require.RunId(runId),
        DatasetReference.Parse(Require.Text(wire.Dataset, "dataset")),
        string.IsNullOrEmpty(wire.Context) ? null : Text.Within(wire.Context, ContextLimit, "context"));

    public Task<RunAndVersion> WriteAsync(Spine spine, Caller caller, CancellationToken cancellationToken) => spine.WriteAsync(
        caller,
        async (writer, token) =>
        {
            var run = await Runs.LockActiveAsync(writer, RunId, token);
            var version = await DatasetVersions.GetAsync(writer, Dataset, token);

            // The route's own permission is one to write to the run, so reading the data is judged besides.
            await spine.Rights.RequireAsync(writer, caller.Principal, (AccessLevel.Read, Securable.Dataset(version.Dataset)), token);
            await RunUses.SetAsync(writer, (run.Id, version.Id), (Context, spine.Now), token);
            return new RunAndVersion(run, version);
        },
        cancellationToken);
}

/// <summary>Who used what.</summary>
internal sealed record RunAndVersion(RunRow Run, DatasetVersionRow Version);
