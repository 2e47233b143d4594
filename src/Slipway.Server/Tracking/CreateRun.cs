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
        var experiment = string.IsNullOrEmpty(wire.ExperimentId) ? DefaultExperiment : Require.ExperimentId(wire.ExperimentId);
        return new CreateRun(experiment, wire.UserId ?? "", tags[RunTags.RunName], wire.StartTime ?? 0)
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

/// <summary>Begins the runs of many requests.</summary>
internal sealed class CreateRunKind : IngestKind<CreateRun, RunRow>
{
    public static readonly CreateRunKind Kind = new();

    public override async Task ApplyAsync(Writer writer, IReadOnlyList<PendingWrite<CreateRun, RunRow>> group, CancellationToken cancellationToken)
    {
        var experiments = await Experiments.ShareAsync(writer, [.. group.Select(pending => pending.Request.Experiment).Distinct()], cancellationToken);
        var id = await writer.TakeIdsAsync("runs", group.Count, cancellationToken) - group.Count;
        var rows = new List<RunRow>(group.Count);
        var tags = new List<(long, Pair)>();
        foreach (var pending in group)
        {
            pending.Failure = Refuse(pending.Request.Experiment, experiments);
            if (pending.Failure is null)
            {
                var row = pending.Request.ToRow(++id, experiments[pending.Request.Experiment]);
                rows.Add(row);
                tags.AddRange(pending.Request.Tags.Select(tag => (row.Id, tag)));
                pending.Done(row);
            }
        }

        await Runs.AddAsync(writer, rows, cancellationToken);
        await RunTags.SetAsync(writer, tags, cancellationToken);
    }

    private static Fault? Refuse(long id, Dictionary<long, ExperimentRow> experiments) =>
        !experiments.TryGetValue(id, out var experiment) ? Experiments.Unknown(id)
        : experiment.DeletedAt is not null ? Fault.Invalid($"The experiment {id} must be in the 'active' state. Restore it first.")
        : null;
}
