using Slipway.Server.Artifacts;
using Slipway.Server.Lineage;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Tracking.Erasing;

/// <summary>Removes for good what was deleted long ago: runs, then logged models, then experiments of which nothing is left. Each is a change of its own.</summary>
internal sealed class Eraser(Spine spine)
{
    private const int PageSize = 200;

    /// <summary>Whoever has more asks again.</summary>
    private const int MostAtOnce = 10_000;

    /// <summary>Removes, or only counts.</summary>
    public async Task<ErasedReport> RunAsync(Caller caller, long until, bool isDryRun, CancellationToken cancellationToken)
    {
        // Each change is one of its own, and none is the answer to the request.
        caller = caller with { Idempotency = null };
        var report = new ErasedReport();
        await EachAsync((reader, after) => Runs.ErasableAsync(reader, until, (after, PageSize), cancellationToken), report, async one =>
            report.Count(await TryAsync(one, NodeKind.Run, () => spine.Changes.MakeAsync(caller, new EraseRun(one.Name, until, PlaceOf(one)), cancellationToken), isDryRun, cancellationToken), NodeKind.Run), cancellationToken);
        await EachAsync((reader, after) => LoggedModels.ErasableAsync(reader, until, (after, PageSize), cancellationToken), report, async one =>
            report.Count(await TryAsync(one, NodeKind.LoggedModel, () => spine.Changes.MakeAsync(caller, new EraseLoggedModel(one.Name, until, PlaceOf(one)), cancellationToken), isDryRun, cancellationToken), NodeKind.LoggedModel), cancellationToken);
        await EachAsync((reader, after) => Experiments.ErasableAsync(reader, until, (after, PageSize), cancellationToken), report, async one =>
            report.CountExperiment(await TryAsync(one, null, () => spine.Changes.MakeAsync(caller, new EraseExperiment(one.Id, until, PlaceOf(one)), cancellationToken), isDryRun, cancellationToken)), cancellationToken);
        return report;
    }

    private async Task EachAsync(Func<Reader, long, Task<List<Erasable>>> page, ErasedReport report, Func<Erasable, Task> erase, CancellationToken cancellationToken)
    {
        var after = -1L;
        while (!report.IsFull)
        {
            var found = await spine.Database.ReadAsync(reader => page(reader, after), cancellationToken);
            foreach (var one in found)
            {
                await erase(one);
                after = one.Id;
                report.IsFull = report.Seen >= MostAtOnce;
            }

            if (found.Count < PageSize)
            {
                return;
            }
        }
    }

    private ArtifactPath? PlaceOf(Erasable one) => spine.Places.Find(one.Uri) is { IsRoot: false } place ? place : null;

    private async Task<bool> TryAsync(Erasable one, NodeKind? kind, Func<Task<bool>> erase, bool isDryRun, CancellationToken cancellationToken)
    {
        var place = PlaceOf(one);
        var isNeeded = await spine.Database.ReadAsync(
            reader => kind is { } known ? References.AnyAsync(reader, new Remains(new LineageNode(known, one.Id), one.Experiment, place), cancellationToken) : References.AreFilesNeededAsync(reader, one.Experiment, place, cancellationToken),
            cancellationToken);
        if (isNeeded || isDryRun)
        {
            return !isNeeded;
        }

        try
        {
            // First the bucket: what a crash leaves of the run then still tells where the rest of it is.
            if (place is { IsInBucket: true })
            {
                await spine.Artifacts.Bucket!.DeleteAllAsync(place, cancellationToken);
            }

            return await erase();
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Conflict or FaultKind.NotFound)
        {
            // Somebody restored it, used it or removed it meanwhile.
            return false;
        }
    }
}

/// <summary>Something that was deleted long ago.</summary>
/// <param name="Id">Its internal id.</param>
/// <param name="Name">What clients call it.</param>
/// <param name="Experiment">Where it belongs.</param>
/// <param name="Uri">Where its artifacts are.</param>
internal sealed record Erasable(long Id, string Name, long Experiment, string Uri)
{
    public static Erasable Map(System.Data.Common.DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3));
}

/// <summary>What was removed, and how much of what was deleted is needed still.</summary>
internal sealed class ErasedReport
{
    public long Runs { get; private set; }

    public long LoggedModels { get; private set; }

    public long Experiments { get; private set; }

    public long Kept { get; private set; }

    /// <summary>Whether there may be more.</summary>
    public bool IsFull { get; set; }

    public long Seen => Runs + LoggedModels + Experiments + Kept;

    public void Count(bool isErased, NodeKind kind)
    {
        Runs += isErased && kind == NodeKind.Run ? 1 : 0;
        LoggedModels += isErased && kind == NodeKind.LoggedModel ? 1 : 0;
        Kept += isErased ? 0 : 1;
    }

    public void CountExperiment(bool isErased)
    {
        Experiments += isErased ? 1 : 0;
        Kept += isErased ? 0 : 1;
    }
}
