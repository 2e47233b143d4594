using Slipway.Server.Governance.Gates;
using Slipway.Server.Registry;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Says whether a version may enter a stage: the one evaluator, for questions and for real changes.</summary>
internal static class Gatekeeper
{
    private static readonly IGate[] Implicit = [new ArtifactsGate(), new RevocationGate()];

    /// <summary>Asks every gate, in the session that it is given.</summary>
    public static async Task<CheckReport> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        entry = entry with { Evidence = await EvidenceAsync(reader, entry, cancellationToken) };
        var holders = await ModelVersions.InStageAsync(reader, entry.Version.Model, entry.Stage.Name, cancellationToken);
        var results = new List<GateResult>();
        foreach (var gate in await GatesAsync(reader, entry, cancellationToken))
        {
            results.Add(await gate.CheckAsync(reader, entry, cancellationToken));
        }

        // What approvals are given to is known only now.
        var digest = ReportDigest.Of(entry, results);
        if (entry.Stage.Approvals is { } approvals)
        {
            var given = entry.Promotion is { } promotion ? await Approvals.CountAsync(reader, promotion, digest, approvals, cancellationToken) : 0;
            results.Add(approvals.With(given));
        }

        return new CheckReport(entry, results, digest) { Leaving = Leaving(entry, holders) };
    }

    /// <summary>Who leaves the stage for the version, by the pipeline's archive rule and limit.</summary>
    private static IReadOnlyList<ModelVersionRow> Leaving(StageEntry entry, List<ModelVersionRow> holders)
    {
        var others = holders.Where(holder => holder.Id != entry.Version.Id);
        if (entry.Stage.ArchivesExisting)
        {
            return [.. others];
        }

        // The one that entered last comes first, so those at the end are the oldest.
        return entry.Stage is { Limit: { } limit, ArchivesOldest: true } ? [.. others.Skip(limit - 1)] : [];
    }

    private static async Task<List<IGate>> GatesAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var gates = entry.Stage.Gates.Where(gate => gate is not ApprovalsGate).ToList();
        if (entry.Stage is { Limit: { } limit, ArchivesOldest: false, ArchivesExisting: false })
        {
            gates.Add(new LimitGate(limit));
        }

        gates.AddRange(Implicit);
        if (await Freezes.FindAsync(reader, (entry.Version.Name, entry.Stage.Name), entry.At, cancellationToken) is { } freeze)
        {
            gates.Add(new FreezeGate(freeze));
        }

        return gates;
    }

    private static async Task<Evidence> EvidenceAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var evidence = await Evidence.OfRunAsync(reader, entry.Version, [.. entry.Stage.Gates.OfType<IMetricGate>().Select(gate => gate.Key).Distinct()], cancellationToken);
        var tests = entry.Stage.Gates.OfType<TestGate>().Select(gate => gate.Name).ToList();
        return evidence with
        {
            Tests = tests.Count == 0 ? evidence.Tests : await TestResults.LatestAsync(reader, entry.Version.Id, tests, cancellationToken),
            Data = entry.Stage.Gates.Any(gate => gate is IDataGate) ? await KnownData.OfAsync(reader, entry.Version, evidence.Run, cancellationToken) : evidence.Data,
            Datasets = evidence.Run is { } run ? await InputDatasets.NamesAsync(reader, run.Id, cancellationToken) : [],
        };
    }
}
