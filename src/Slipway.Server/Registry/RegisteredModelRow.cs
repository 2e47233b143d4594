using System.Globalization;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>A row of <c>registered_models</c>, with what belongs to it.</summary>
internal sealed record RegisteredModelRow(long Id, string Name, string? Description, long CreatedAt, long UpdatedAt)
{
    public IReadOnlyList<Pair> Tags { get; init; } = [];

    public IReadOnlyList<(string Alias, long Version)> Aliases { get; init; } = [];

    public IReadOnlyList<ModelVersionRow> LatestVersions { get; init; } = [];

    public RegisteredModel ToWire() => new()
    {
        Name = Name,
        CreationTimestamp = CreatedAt,
        LastUpdatedTimestamp = UpdatedAt,
        Description = string.IsNullOrEmpty(Description) ? null : Description,
        LatestVersions = LatestVersions.Count == 0 ? null : [.. LatestVersions.Select(version => version.ToWire())],
        Tags = Pair.ToWire(Tags),
        Aliases = Aliases.Count == 0 ? null : [.. Aliases.Select(alias => new ModelAlias(alias.Alias, alias.Version.ToString(CultureInfo.InvariantCulture)))],
    };
}
