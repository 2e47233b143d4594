using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that no freeze holds. It is in front of a stage only while one does.</summary>
internal sealed record FreezeGate(FreezeRow Freeze) : IGate
{
    public const string Name = "freeze";

    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken) =>
        Task.FromResult(new GateResult(Name, false, "none", $"one of {Freeze.Pattern}{(Freeze.Stage is null ? "" : $" in {Freeze.Stage}")}: {Freeze.Reason}")
        {
            Evidence = $"freezes/{Freeze.Id}",
            MetAt = Freeze.EndsAt,
        });
}
