using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Wire.Datasets;

namespace Slipway.Commands.Datasets;

/// <summary>Shows a dataset, or a version with what is known of its values.</summary>
internal static class ShowDatasetCommand
{
    public static Command Create()
    {
        var reference = new Argument<string>("NAME[@VERSION]") { Description = "A dataset, or a version of it." };
        var statistics = new Option<bool>("--statistics") { Description = "Show the statistics of each column." };
        var path = new Option<string?>("--path") { Description = "Which file, where several are tables.", HelpName = "FILE" };
        return new ServerCommand("show", """
            Shows a dataset, or a version: its digests, its schema, and with --statistics what is known of each column.

            Example: slipway datasets show sentiment-train@latest --statistics
            """) { reference, statistics, path }.Runs(async (talk, cancellationToken) =>
        {
            if (!talk.Get(reference).Contains('@', StringComparison.Ordinal))
            {
                return await talk.AnswerAsync(await talk.Client.GetDatasetAsync(talk.Get(reference), cancellationToken), Dataset);
            }

            var (name, version) = DatasetReferenceText.Parse(talk.Get(reference));
            return talk.Get(statistics)
                ? await talk.AnswerAsync(await talk.Client.GetDatasetStatisticsAsync(name, version, talk.Get(path), cancellationToken), Statistics)
                : await talk.AnswerAsync(await talk.Client.GetDatasetVersionAsync(name, version, cancellationToken), Version);
        });
    }

    private static string Dataset(RegisteredDataset dataset) => Facts(
        ("name", dataset.Name),
        ("description", dataset.Description),
        ("versions", dataset.Versions.ToString(CultureInfo.InvariantCulture)),
        ("latest", dataset.Latest),
        ("aliases", dataset.Aliases is null ? null : string.Join(", ", dataset.Aliases.Select(alias => $"{alias.Alias} -> {alias.Version}"))),
        ("created", TimeText.Of(dataset.CreatedAt)),
        ("updated", TimeText.Of(dataset.UpdatedAt)));

    private static string Version(DatasetVersion version) => Facts(
        ("version", $"{version.Name}@{version.Version}"),
        ("description", version.Description),
        ("source", version.Source),
        ("byte digest", version.ByteDigest),
        ("short hash", version.ShortHash),
        ("table digest", version.TableDigest),
        ("samples", Number(version.Samples)),
        ("features", Number(version.Features)),
        ("files", Number(version.Files)),
        ("bytes", Number(version.Size)),
        ("added", $"{TimeText.Of(version.CreatedAt)} by {version.Creator}"),
        ("tags", version.Tags is null ? null : string.Join(", ", version.Tags.Select(tag => $"{tag.Key}={tag.Value}"))),
        ("aliases", version.Aliases is null ? null : string.Join(", ", version.Aliases)),
        ("recalled", version.RecalledAt is { } recalled ? $"{TimeText.Of(recalled)}: {version.RecallReason}" : null),
        ("purged", version.PurgedAt is { } purged ? $"{TimeText.Of(purged)}: {version.PurgeReason}" : null),
        ("schema", version.Schema is null ? null : string.Join(", ", version.Schema.Select(column => $"{column.Name} {column.Type}"))));

    private static string Facts(params (string Name, string? Value)[] facts)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in facts.Where(fact => !string.IsNullOrEmpty(fact.Value)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{name,-13}{value}");
        }

        return text.ToString();
    }

    private static string Statistics(DatasetStatistics table) => string.Create(CultureInfo.InvariantCulture, $"{table.Path}: {table.Samples:N0} samples, table digest {table.TableDigest}\n") + TextTable.Of(
        ["COLUMN", "TYPE", "COUNT", "NULLS", "DISTINCT", "LEAST", "MEDIAN", "GREATEST", "MEAN", "MOST FREQUENT"],
        table.Columns.Select(column => new[]
        {
            column.Name, column.Type, Number(column.Count)!, Number(column.Nulls)!, Number(column.Distinct)!, Short(column.Least), Short(Median(column)), Short(column.Greatest), Short(column.Mean),
            string.Join(' ', (column.Top ?? []).Take(3).Select(value => string.Create(CultureInfo.InvariantCulture, $"{Short(value.Value)} ({value.Count:N0})"))),
        }));

    private static double? Median(ColumnStatistics column) => column.Quantiles?.Where(quantile => quantile.Share is 0.5).Select(quantile => (double?)quantile.Value).FirstOrDefault();

    private static string Short(double? number) => number?.ToString("G6", CultureInfo.InvariantCulture) ?? "-";

    private static string Short(string? text) => text is null ? "-" : text.Length <= 20 ? text : text[..19] + "…";

    private static string? Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture);
}
