using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Deletes a version: its number stays taken, its aliases go.</summary>
internal sealed record DeleteModelVersion(string Name, long Version) : ChangeRequest<bool>
{
    public override string Action => "version.delete";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public static DeleteModelVersion Decode(ModelVersionRequest wire) => new(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        await ModelAliases.DeleteOfVersionAsync(change, version.Id, cancellationToken);
        await ModelVersions.BuryAsync(change, version, cancellationToken);
        await RegisteredModels.TouchAsync(change, version.Model, cancellationToken);
        change.Record(JsonSerializer.Serialize(new VersionState(RegistryEvents.Digits(Version), version.Stage)
        {
            Description = version.Description,
            Source = version.Source,
            RunId = version.RunId,
            LoggedModelId = version.LoggedModelId,
            ManifestDigest = version.ManifestDigest,
        }, RegistryJson.Default.VersionState), null);
        return true;
    }
}
