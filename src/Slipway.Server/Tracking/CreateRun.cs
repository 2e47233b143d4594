using System.Globalization;
using System.Security.Cryptography;
using Slipway.Server.Artifacts;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>Begins a run.</summary>
internal sealed record CreateRun(long Experiment, string UserId, string Name, long StartTime)
{
    private const long DefaultExperiment = 0;

    public string RunId { get; } = NewId();

    public required IReadOnlyList<Pair> Tags { get; init; }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static long ExperimentOf(CreateRunRequest wire) => string.IsNullOrEmpty(wire.ExperimentId) ? DefaultExperiment : Require.ExperimentId(wire.ExperimentId);

    public static CreateRun Decode(CreateRunRequest wire)
    {
        // Clients put system tags here, whose keys are free; their values are cut to the limit of any tag.
        var tags = TagList.Decode(wire.Tags, "tags").ToDictionary(tag => Text.Within(tag.Key, Keys.Limit, "tags.key"), tag => Text.Truncate(tag.Value, LogData.TagValueLimit));
        var named = tags.GetValueOrDefault(RunTags.RunName);
        if (!string.IsNullOrEmpty(wire.RunName) && !string.IsNullOrEmpty(named) && wire.RunName != named)
        {
            throw Fault.Invalid($"Both 'run_name' ('{Text.Shorten(wire.RunName)}') and the tag '{RunTags.RunName}' ('{Text.Shorten(named)}') name the run, and they differ.");
        }

        var name = !string.IsNullOrEmpty(wire.RunName) ? wire.RunName : !string.IsNullOrEmpty(named) ? named : RunNames.New();
        tags[RunTags.RunName] = Text.Truncate(name, LogData.TagValueLimit);
        return new CreateRun(ExperimentOf(wire), wire.UserId ?? "", tags[RunTags.RunName], wire.StartTime ?? 0)
        {
            Tags = [.. tags.Select(tag => new Pair(tag.Key, tag.Value))],
        };
    }

    public RunRow ToRow(long id, ExperimentRow experiment) => new(id, RunId, experiment.Id, Name)
    {
        UserId = UserId,
        Status = WireEnum.NameOf(RunStatus.Running),
        StartTime = StartTime,
        ArtifactUri = ArtifactUri.Join(experiment.ArtifactLocation, string.Create(CultureInfo.InvariantCulture, $"{RunId}/artifacts")),
    };
}
