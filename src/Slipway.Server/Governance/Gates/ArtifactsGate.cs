using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that the server holds the version's files, and that they are what they were when it was registered.</summary>
internal sealed record ArtifactsGate : IGate
{
    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var registered = entry.Version.ManifestDigest;
        var measured = registered is null
            ? "files that the server does not hold"
            : entry.Observed is not { } observed || observed.Version != entry.Version.Id ? "files that nobody looked at"
            : observed.Digest is null ? "files that are gone"
            : observed.Digest != registered ? $"files that were altered since{(observed.Difference is { } difference ? $": {difference}" : "")}"
            : "unaltered";
        return Task.FromResult(new GateResult("artifacts", measured == "unaltered", "unaltered files that the server holds", measured)
        {
            Evidence = registered is null ? null : $"sha256:{registered}",
        });
    }
}
