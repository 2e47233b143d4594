using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks for a metric that is no worse than that of any other version in a stage.</summary>
internal sealed record MetricComparisonGate(string Key, string Against) : IGate, IMetricGate
{
    /// <summary>By how much it may be worse, as the difference of the two.</summary>
    public double Tolerance { get; init; }

    public bool IsHigherBetter { get; init; }

    public async Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var value = MetricValue.Of(entry.Evidence, Key);
        var holders = await HoldersAsync(reader, entry.Version, cancellationToken);
        if (holders.Count == 0)
        {
            // There has to be a value all the same: the next version will be compared with it.
            return Result(value, value.Number is not null, $"no worse than in {Against}", $"{value.Text}, and nothing is in {Against} to compare with") with { Bound = $"{value.Bound} alone" };
        }

        // Worst first: the holder that decides is the one that is hardest to follow, and one without a number can't be followed.
        var (version, other) = holders.OrderBy(holder => holder.Value.Number is null ? 0 : 1).ThenByDescending(holder => Goodness(holder.Value.Number ?? 0)).First();
        var isMet = value.Number is { } own && other.Number is { } theirs && Goodness(theirs) - Goodness(own) <= Tolerance;
        var required = $"no worse than {other.Text} of version {version.Version} in {Against}{(Tolerance > 0 ? $", by more than {MetricValue.Format(Tolerance)}" : "")}";
        return Result(value, isMet, required, value.Text) with { Bound = $"{value.Bound} to {other.Bound}" };
    }

    private double Goodness(double value) => IsHigherBetter ? value : -value;

    private GateResult Result(MetricValue value, bool isMet, string required, string measured) =>
        new($"metric {Key} against {Against}", isMet, required, measured) { Evidence = value.Source };

    private async Task<List<(ModelVersionRow Version, MetricValue Value)>> HoldersAsync(Reader reader, ModelVersionRow version, CancellationToken cancellationToken)
    {
        var holders = new List<(ModelVersionRow, MetricValue)>();
        foreach (var holder in await ModelVersions.InStageAsync(reader, version.Model, Against, cancellationToken))
        {
            if (holder.Id != version.Id)
            {
                holders.Add((holder, MetricValue.Of(await Evidence.OfRunAsync(reader, holder, [Key], cancellationToken), Key)));
            }
        }

        return holders;
    }
}
