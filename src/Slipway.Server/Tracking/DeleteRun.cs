using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Deletes a run, softly, or restores it; repeating either is a success.</summary>
internal sealed record DeleteRun(string RunId, bool Deleted) : ChangeRequest<bool>
{
    public override string Action => Deleted ? "run.delete" : "run.restore";

    public override string Resource => $"runs/{RunId}";

    public static DeleteRun Decode(RunLifecycleRequest wire, bool deleted) => new(Require.RunId(wire.RunId), deleted);

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var run = await Runs.GetAsync(change, RunId, cancellationToken);
        if ((run.DeletedAt is not null) != Deleted)
        {
            await Runs.SetDeletedAsync(change, run.Id, Deleted, cancellationToken);
        }

        change.Record(State(run.DeletedAt is not null), State(Deleted));
        return true;
    }

    private string State(bool deleted) => JsonSerializer.Serialize(new RunState(RunId, deleted ? "deleted" : "active"), TrackingJson.Default.RunState);
}
