using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Changes what is given of a run: its status, its end, its name.</summary>
internal sealed record UpdateRun(string RunId, RunStatus? Status, long? EndTime, string? Name)
{
    public static UpdateRun Decode(UpdateRunRequest wire) => new(
        Require.RunId(wire.RunId, wire.RunUuid),
        wire.Status,
        wire.EndTime,
        string.IsNullOrEmpty(wire.RunName) ? null : Text.Truncate(wire.RunName, LogData.TagValueLimit));

    public async Task<RunRow> WriteAsync(Writer writer, CancellationToken cancellationToken)
    {
        var run = await Runs.LockActiveAsync(writer, RunId, cancellationToken);
        run = run with
        {
            Name = Name ?? run.Name,
            Status = Status is { } status ? WireEnum.NameOf(status) : run.Status,
            EndTime = EndTime ?? run.EndTime,
        };
        await Runs.UpdateAsync(writer, run, cancellationToken);
        if (Name is not null)
        {
            await RunTags.SetAsync(writer, [(run.Id, new Pair(RunTags.RunName, Name))], cancellationToken);
        }

        return run;
    }
}
