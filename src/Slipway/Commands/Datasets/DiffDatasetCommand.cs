using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Wire.Datasets;

namespace Slipway.Commands.Datasets;

/// <summary>Compares two versions.</summary>
internal static class DiffDatasetCommand
{
    private const int Shown = 5;

    public static Command Create()
    {
        var (name, a, b) = (new Argument<string>("NAME") { Description = "The dataset." }, new Argument<string>("A") { Description = "One version, an alias, or latest." }, new Argument<string>("B") { Description = "The other." });
        var keys = new Option<string[]>("--key") { Description = "Columns whose values name a row; without them whole rows are compared.", HelpName = "COLUMN", AllowMultipleArgumentsPerToken = true };
        var path = new Option<string?>("--path") { Description = "Which file, where several are tables.", HelpName = "FILE" };
        return new ServerCommand("diff", """
            Compares two versions: files, and of a table the schema, the rows and the statistics. PSI is the population
            stability index of a column: below 0.1 it is stable, from 0.2 on it has moved.

            Example: slipway datasets diff sentiment-train 1.0.0 2.0.0 --key id
            """) { name, a, b, keys, path }.Runs(async (talk, cancellationToken) =>
        {
            var request = new DatasetDiffRequest(talk.Get(a), talk.Get(b)) { Key = talk.Get(keys), Path = talk.Get(path) };
            return await talk.AnswerAsync(await talk.Client.DiffDatasetAsync(talk.Get(name), request, cancellationToken), Text);
        });
    }

    private static string Text(DatasetDiff diff)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{diff.Name} {diff.A} -> {diff.B}: {(diff.SameBytes ? "the same bytes" : diff.Table?.SameValues == true ? "the same values in other bytes" : "different")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"files: {diff.Files.AddedCount} added, {diff.Files.RemovedCount} removed, {diff.Files.ChangedCount} changed, {diff.Files.Unchanged} unchanged");
        foreach (var (sign, path) in diff.Files.Added.Select(path => ('+', path)).Concat(diff.Files.Removed.Select(path => ('-', path))).Concat(diff.Files.Changed.Select(path => ('~', path))))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {sign} {path}");
        }

        if (diff.Note is { } note)
        {
            text.AppendLine(note);
        }

        if (diff.Table is { } table)
        {
            AddTable(text, table);
        }

        return text.ToString();
    }

    private static void AddTable(StringBuilder text, DatasetTableDiff table)
    {
        text.AppendLine(table.Schema.Count == 0 ? $"schema: the same{(table.ColumnsMoved ? ", in another order" : "")}" : "schema:");
        foreach (var change in table.Schema)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {(change.A is null ? '+' : change.B is null ? '-' : '~')} {change.Column} {string.Join(" -> ", new[] { change.A, change.B }.Where(type => type is not null))}");
        }

        AddRows(text, table.Rows);
        text.Append(TextTable.Of(
            ["COLUMN", "PSI", "MEAN A", "MEAN B", "NULLS A", "NULLS B", "DISTINCT A", "DISTINCT B", "LEAST A", "LEAST B", "GREATEST A", "GREATEST B"],
            table.Columns.Select(column => new[]
            {
                column.Column, column.StabilityIndex?.ToString("F4", CultureInfo.InvariantCulture) ?? "-", Short(column.A?.Mean), Short(column.B?.Mean), Number(column.A?.Nulls), Number(column.B?.Nulls),
                Number(column.A?.Distinct), Number(column.B?.Distinct), Short(column.A?.Least), Short(column.B?.Least), Short(column.A?.Greatest), Short(column.B?.Greatest),
            })));
    }

    private static void AddRows(StringBuilder text, RowDiff rows)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"rows: {rows.Added:N0} added, {rows.Removed:N0} removed, {(rows.Changed is { } changed ? $"{Number(changed)} changed, " : "")}{rows.Unchanged:N0} unchanged");
        foreach (var cells in rows.ChangedCells ?? [])
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  ~ {cells.Column} in {cells.Rows:N0} rows");
        }

        var samples = (rows.AddedSamples ?? []).Take(Shown).Select(row => ("+", row))
            .Concat((rows.RemovedSamples ?? []).Take(Shown).Select(row => ("-", row)))
            .Concat((rows.ChangedSamples ?? []).Take(Shown).SelectMany(pair => new[] { ("~-", pair.A), ("~+", pair.B) })).ToList();
        if (samples.Count > 0)
        {
            text.Append(TextTable.Of(["", "ROW", .. rows.SampleColumns], samples.Select(sample => (IReadOnlyList<string>)[$"  {sample.Item1}", Number(sample.Item2.Row), .. sample.Item2.Values.Select(Short)])));
        }
    }

    private static string Short(double? number) => number?.ToString("G6", CultureInfo.InvariantCulture) ?? "-";

    private static string Short(string? text) => text is null ? "-" : text.Length <= 24 ? text : text[..23] + "…";

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";
}
