using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Points an alias to a version; it leaves the one it pointed to.</summary>
internal sealed record SetAlias(string Name, string Alias, long Version) : ChangeRequest<bool>
{
    public override string Action => "alias.set";

    public override string Resource => $"models/{Name}/aliases/{Alias}";

    /// <summary>What the version's files were just before the change waited for its turn; null where nobody looked.</summary>
    public ObservedFiles? Observed { get; init; }

    public static SetAlias Decode(SetAliasRequest wire) => new(Require.Text(wire.Name, "name"), AliasName.CheckNew(wire.Alias), ModelName.Version(wire.Version));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        var before = await ModelAliases.FindVersionAsync(change, version.Model, Alias, cancellationToken) is { } id ? await ModelVersions.FindAsync(change, id, cancellationToken) : null;
        await ModelAliases.SetAsync(change, version, Alias, cancellationToken);
        change.Record(before is null ? null : State(before.Version), State(Version));
        var what = new RegistryEvent(Name) { Alias = Alias, Version = RegistryEvents.Digits(Version) };
        await RegistryEvents.AnnounceAsync(change, (version.Model, "model_version_alias", "created"), what, cancellationToken);
        return true;
    }

    private string State(long version) => JsonSerializer.Serialize(new NamedState(Alias, RegistryEvents.Digits(version)), RegistryJson.Default.NamedState);
}
