using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Sets a tag of an experiment, or deletes it.</summary>
internal sealed record SetExperimentTag(long Id, string Key, string? Value) : ChangeRequest<bool>
{
    private const int ValueLimit = 5000;

    public override string Action => Value is null ? "experiment.delete-tag" : "experiment.set-tag";

    public override string Resource => $"experiments/{Id}";

    public static SetExperimentTag Decode(SetExperimentTagRequest wire) =>
        new(Require.ExperimentId(wire.ExperimentId), Keys.Check(wire.Key, "key"), Text.Within(wire.Value ?? "", ValueLimit, "value"));

    public static SetExperimentTag Decode(DeleteExperimentTagRequest wire) => new(Require.ExperimentId(wire.ExperimentId), Require.Text(wire.Key, "key"), null);

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        if ((await Experiments.GetAsync(change, Id, cancellationToken)).DeletedAt is not null)
        {
            throw Fault.Invalid($"The experiment {Id} must be in the 'active' state. Restore it first.");
        }

        if (Value is not null)
        {
            await ExperimentTags.SetAsync(change, Id, new Pair(Key, Value), cancellationToken);
        }
        else if (!await ExperimentTags.DeleteAsync(change, Id, Key, cancellationToken))
        {
            throw Fault.NotFound($"No tag with name: {Key} in experiment with id {Id}");
        }

        change.Record(null, JsonSerializer.Serialize(new TagState(Key, Value), TrackingJson.Default.TagState));
        return true;
    }
}
