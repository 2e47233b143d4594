using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that the version was not revoked.</summary>
internal sealed record RevocationGate : IGate
{
    public async Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken) =>
        await Revocations.FindReasonAsync(reader, entry.Version.Id, cancellationToken) is { } reason
            ? new GateResult("revocation", false, "none", $"that it was revoked: {reason}")
            : new GateResult("revocation", true, "none", "none");
}
