using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Describes a version anew; no description clears it.</summary>
internal sealed record UpdateModelVersion(string Name, long Version, string? Description) : ChangeRequest<ModelVersionRow>
{
    public override string Action => "version.update";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public static UpdateModelVersion Decode(UpdateModelVersionRequest wire) => new(Require.Text(wire.Name, "name"), ModelName.Version(wire.Version), wire.Description);

    public override async Task<ModelVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        await ModelVersions.DescribeAsync(change, version.Id, Description, cancellationToken);
        change.Record(State(version.Description), State(Description));
        return await ModelVersions.LoadAsync(change, version with { Description = Description, UpdatedAt = change.Info.At }, cancellationToken);
    }

    private string State(string? description) =>
        JsonSerializer.Serialize(new VersionState(RegistryEvents.Digits(Version), null) { Description = description }, RegistryJson.Default.VersionState);
}
