using Slipway.Store;

namespace Slipway.Server.Tracking;

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
