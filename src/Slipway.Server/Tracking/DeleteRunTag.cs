using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Takes a tag off a run.</summary>
internal sealed record DeleteRunTag(string RunId, string Key)
{
    public static DeleteRunTag Decode(DeleteRunTagRequest wire) => new(Require.RunId(wire.RunId), Require.Text(wire.Key, "key"));

    public async Task<bool> WriteAsync(Writer writer, CancellationToken cancellationToken)
    {
        var run = await Runs.LockActiveAsync(writer, RunId, cancellationToken);
        return await RunTags.DeleteAsync(writer, run.Id, Key, cancellationToken)
            ? true
            : throw Fault.NotFound($"No tag with name: {Key} in run with id {RunId}");
    }
}
