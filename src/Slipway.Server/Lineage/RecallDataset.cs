using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Server.Checks;
using Slipway.Server.Datasets;
using Slipway.Store;
using Slipway.Wire.Lineage;

namespace Slipway.Server.Lineage;

/// <summary>Says that a version of a dataset is not to be used any more, or that it is again.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Version">Its version.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsRecalled">What it is to be.</param>
internal sealed record RecallDataset(string Name, string Version, string Reason, bool IsRecalled) : ChangeRequest<DatasetVersionRow>
{
    private const int ReasonLimit = 10_000;

    public override string Action => IsRecalled ? "dataset.recall" : "dataset.reinstate";

    public override string Resource => DatasetVersionRow.ResourceOf(Name, Version);

    /// <summary>The resources that depend on it, as far as they were known when this was asked for.</summary>
    public IReadOnlyList<string> Dependents { get; init; } = [];

    public static RecallDataset Decode(DatasetVersionRow version, RecallDatasetRequest wire, bool isRecalled) =>
        new(version.Name, version.Version, Text.Within(Require.Text(wire.Reason?.Trim(), "reason"), ReasonLimit, "reason"), isRecalled);

    public override async Task<DatasetVersionRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await DatasetVersions.GetAsync(change, Name, Version, cancellationToken);
        if ((version.RecalledAt is not null) == IsRecalled)
        {
            throw Fault.Conflict(IsRecalled ? $"{version.Reference} is recalled already: {Text.Shorten(version.RecallReason ?? "")}" : $"{version.Reference} is not recalled.");
        }

        await (IsRecalled ? DatasetVersions.RecallAsync(change, version.Id, Reason, cancellationToken) : DatasetVersions.ReinstateAsync(change, version.Id, cancellationToken));
        change.About($"datasets/{Name}");
        change.Record(State(version.RecallReason, version.RecalledAt is not null, []), State(Reason, IsRecalled, Dependents));
        change.Announce(IsRecalled ? "dataset_version.recalled" : "dataset_version.reinstated", State(Reason, IsRecalled, Dependents));
        return (await DatasetVersions.FindAsync(change, version.Id, cancellationToken))!;
    }

    private string State(string? reason, bool isRecalled, IReadOnlyList<string> dependents) =>
        JsonSerializer.Serialize(new RecallState(Name, Version, isRecalled, reason) { Dependents = dependents.Count == 0 ? null : dependents }, RecallJson.Default.RecallState);
}

/// <summary>A recall as the audit log and events tell of it.</summary>
internal sealed record RecallState(string Name, string Version, bool Recalled, string? Reason)
{
    /// <summary>Which model versions depend on it.</summary>
    public IReadOnlyList<string>? Dependents { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecallState))]
internal sealed partial class RecallJson : JsonSerializerContext;
