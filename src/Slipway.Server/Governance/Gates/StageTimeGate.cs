using Slipway.Server.Governance.Files;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that the version has been in the stage before for so long, by the transitions that are on record, without a break.</summary>
internal sealed record StageTimeGate(string Stage, TimeSpan Least) : IGate
{
    public async Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var result = new GateResult($"time in {Stage}", false, $"at least {DurationText.Of(Least)}", "not in it") { Evidence = $"models/{entry.Version.Name}/versions/{entry.Version.Version}" };
        if (entry.Version.Stage != Stage || await Stages.EnteredAtAsync(reader, entry.Version, cancellationToken) is not { } enteredAt)
        {
            return result;
        }

        var metAt = enteredAt + (long)Least.TotalMilliseconds;
        var measured = DurationText.Of(TimeSpan.FromMilliseconds(entry.At - enteredAt));
        return entry.At >= metAt ? result with { IsMet = true, Measured = measured } : result with { Measured = measured, MetAt = metAt };
    }
}
