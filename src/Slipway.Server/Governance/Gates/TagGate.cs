using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks for a tag of the version, with a value or with any that is not empty.</summary>
internal sealed record TagGate(string Key, string? Value) : IGate
{
    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var found = entry.Version.Tags.Where(tag => tag.Key == Key && !MirrorTag.Is(Key)).Select(tag => tag.Value).FirstOrDefault();
        var isMet = Value is null ? !string.IsNullOrEmpty(found) : found == Value;
        return Task.FromResult(new GateResult($"tag {Key}", isMet, Value is null ? "to be set" : $"'{Value}'", found is null ? "not set" : $"'{Checks.Text.Shorten(found)}'")
        {
            Evidence = found is null ? null : $"models/{entry.Version.Name}/versions/{entry.Version.Version}",
            Bound = found is null ? "none" : $"'{found}'",
        });
    }
}
