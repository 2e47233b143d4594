using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that the version is in the stage before.</summary>
internal sealed record PreviousStageGate(string Stage) : IGate
{
    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken) =>
        Task.FromResult(new GateResult("stage", entry.Version.Stage == Stage, Stage, entry.Version.Stage)
        {
            Evidence = $"models/{entry.Version.Name}/versions/{entry.Version.Version}",
            Bound = entry.Version.Stage,
        });
}
