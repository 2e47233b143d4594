using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that the version's run names data that the server knows, or that none of what it was made from is recalled, or both.</summary>
internal sealed record DataGate(bool IsRequired, bool RefusesRecalled) : IDataGate
{
    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var data = entry.Evidence.Data;
        var recalled = RefusesRecalled ? data.All.Where(version => version.RecalledAt is not null).Select(version => $"{version.Reference} (recalled: {version.RecallReason})").ToList() : [];
        var isMissing = IsRequired && data.OfRun.Count == 0;
        var required = string.Join(", ", new[] { IsRequired ? "a known dataset version" : null, RefusesRecalled ? "nothing recalled" : null }.OfType<string>());
        var measured = recalled.Count > 0 ? string.Join(", ", recalled)
            : data.IsCut ? "a lineage of more than can be looked at"
            : isMissing ? entry.Evidence.Objection ?? "none"
            : data.All.Count == 0 ? "none" : string.Join(", ", data.All.Select(version => version.Reference));
        return Task.FromResult(new GateResult("dataset", recalled.Count == 0 && !isMissing && !(RefusesRecalled && data.IsCut), required, measured)
        {
            Evidence = entry.Evidence.Run is { } run ? $"runs/{run.RunId}" : null,
            Bound = string.Join(' ', data.All.Select(version => $"{version.Reference} {version.ByteDigest} {(version.RecalledAt is null ? "kept" : "recalled")}")),
        });
    }
}

/// <summary>A gate that needs to know what a version was trained on.</summary>
internal interface IDataGate : IGate;
