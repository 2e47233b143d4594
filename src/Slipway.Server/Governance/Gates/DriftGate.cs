using System.Globalization;
using Slipway.Server.Datasets;
using Slipway.Server.Datasets.Comparing;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that the data of the version has not moved far from that of the version in a stage: the population stability index of no column reaches a bound.</summary>
internal sealed record DriftGate(double Below, string Against) : IDataGate
{
    private string Required => $"a stability index below {Format(Below)} against the data in {Against}";

    public async Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var holder = (await ModelVersions.InStageAsync(reader, entry.Version.Model, Against, cancellationToken)).Find(other => other.Id != entry.Version.Id);
        if (holder is null)
        {
            return Result(true, $"nothing to compare with: no other version is in {Against}", "alone");
        }

        var theirs = (await Evidence.OfRunAsync(reader, holder, [], cancellationToken)).Run is { } run ? (await KnownData.OfRunAsync(reader, run, cancellationToken)).OfRun : [];
        var pairs = Pair(entry.Evidence.Data.OfRun, theirs);
        return pairs.Count == 0
            ? Result(false, theirs.Count == 0 ? $"no data known of version {holder.Version} in {Against}" : entry.Evidence.Data.OfRun.Count == 0 ? "no data known of this version" : "no dataset in common", "none")
            : await CompareAsync(reader, pairs, cancellationToken);
    }

    // Versions of the same dataset are compared; with one dataset on each side, these are, whatever their names.
    private static List<(DatasetVersionRow Theirs, DatasetVersionRow Own)> Pair(IReadOnlyList<DatasetVersionRow> own, IReadOnlyList<DatasetVersionRow> theirs)
    {
        var pairs = own.SelectMany(version => theirs.Where(other => other.Dataset == version.Dataset).Select(other => (other, version))).ToList();
        return pairs.Count == 0 && own.Count == 1 && theirs.Count == 1 ? [(theirs[0], own[0])] : pairs;
    }

    private async Task<GateResult> CompareAsync(Reader reader, List<(DatasetVersionRow Theirs, DatasetVersionRow Own)> pairs, CancellationToken cancellationToken)
    {
        var worst = (Index: -1.0, Text: "");
        foreach (var (theirs, own) in pairs)
        {
            if (await DatasetFiles.ProfileAsync(reader, theirs.Id, cancellationToken) is not { } before || await DatasetFiles.ProfileAsync(reader, own.Id, cancellationToken) is not { } after)
            {
                return Result(false, $"no statistics of {theirs.Reference} and {own.Reference} to compare", "none");
            }

            foreach (var column in after.Columns)
            {
                var index = before.Columns.FirstOrDefault(other => other.Name == column.Name) is { } other ? StabilityIndex.Between(other, column) : null;
                if (index > worst.Index)
                {
                    worst = (index.Value, $"{Format(index.Value)} in column {column.Name}, from {theirs.Reference} to {own.Reference}");
                }
            }
        }

        return worst.Index < 0 ? Result(false, "no column in common", "none") : Result(worst.Index < Below, worst.Text, worst.Text);
    }

    private GateResult Result(bool isMet, string measured, string bound) => new("dataset drift", isMet, Required, measured) { Bound = bound };

    private static string Format(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
