using System.Text.Json;
using Slipway.Server.Artifacts;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Makes an experiment.</summary>
internal sealed record CreateExperiment(string Name, string? ArtifactLocation, IReadOnlyDictionary<string, string> Tags, ArtifactPlaces Places) : ChangeRequest<long>
{
    public const int NameLimit = 500;

    public override string Action => "experiment.create";

    public override string Resource => $"experiments/{Name}";

    public static CreateExperiment Decode(CreateExperimentRequest wire, ArtifactPlaces places) => new(
        CheckName(wire.Name, "name"),
        string.IsNullOrEmpty(wire.ArtifactLocation) ? null : places.Check(wire.ArtifactLocation),
        TagList.Decode(wire.Tags, "tags").ToDictionary(tag => Text.Within(tag.Key, Keys.Limit, "tags.key"), tag => tag.Value),
        places);

    public static string CheckName(string? name, string parameter) => Text.Within(Require.Text(name, parameter), NameLimit, parameter);

    public override async Task<long> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        if (await Experiments.FindByNameAsync(change, Name, cancellationToken) is { } taken)
        {
            throw Fault.AlreadyExists(taken.DeletedAt is null
                ? $"Experiment(name={Name}) already exists."
                : $"Experiment(name={Name}) already exists in deleted state. Restore it, or remove it for good, to use the name again.");
        }

        var id = await change.TakeIdsAsync("experiments", 1, cancellationToken);
        await AddAsync(change, id, cancellationToken);
        return id;
    }

    private async Task AddAsync(Change change, long id, CancellationToken cancellationToken)
    {
        var location = ArtifactLocation ?? Places.LocationOf(id);
        if (!await Experiments.TryAddAsync(change, new ExperimentRow(id, Name, location, change.Info.At, change.Info.At, null), cancellationToken))
        {
            throw Fault.AlreadyExists($"Experiment(name={Name}) already exists.");
        }

        await ArtifactRoots.AddAsync(change, id, Places.Find(location), cancellationToken);
        foreach (var (key, value) in Tags)
        {
            await ExperimentTags.SetAsync(change, id, new Pair(key, value), cancellationToken);
        }

        change.Record(null, JsonSerializer.Serialize(new ExperimentState(id, Name, location, "active"), TrackingJson.Default.ExperimentState));
    }
}
