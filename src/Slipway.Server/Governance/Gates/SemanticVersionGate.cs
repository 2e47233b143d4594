using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks for a tag MAJOR.MINOR.PATCH that no other version of the model has, and that is above those of all that are or were in the stage.</summary>
internal sealed record SemanticVersionGate(string Tag) : IGate
{
    public async Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var text = entry.Version.Tags.Where(tag => tag.Key == Tag).Select(tag => tag.Value).FirstOrDefault();
        var result = new GateResult($"semantic version in the tag {Tag}", false, "MAJOR.MINOR.PATCH", text is null ? "not set" : $"'{Checks.Text.Shorten(text)}'") { Bound = text is null ? "none" : $"'{text}'" };
        if (text is null || SemanticVersion.Find(text) is not { } own)
        {
            return result;
        }

        var others = await SemanticVersions.OthersAsync(reader, entry, Tag, cancellationToken);
        if (others.Find(other => other.Number == own && other.IsLive) is { } twin)
        {
            return result with { Required = $"one that version {twin.Version} does not have" };
        }

        var highest = others.Where(other => other.WasInStage).MaxBy(other => other.Number.Rank);
        return highest is null
            ? result with { IsMet = true }
            : result with { IsMet = own.Rank.CompareTo(highest.Number.Rank) > 0, Required = $"above {highest.Number} of version {highest.Version}" };
    }
}
