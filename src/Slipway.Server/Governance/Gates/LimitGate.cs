using System.Globalization;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks for room in a stage that takes only so many versions.</summary>
internal sealed record LimitGate(int Most) : IGate
{
    public async Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var others = (await ModelVersions.InStageAsync(reader, entry.Version.Model, entry.Stage.Name, cancellationToken)).Count(holder => holder.Id != entry.Version.Id);
        return new GateResult("other versions in the stage", others < Most, string.Create(CultureInfo.InvariantCulture, $"fewer than {Most}"), others.ToString(CultureInfo.InvariantCulture));
    }
}
