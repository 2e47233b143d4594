using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Slipway.Server.Content;
using Slipway.Server.Datasets;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;

namespace Slipway.Server.Delivery.Testing;

/// <summary>The rows of a dataset version that is one table, batch by batch.</summary>
internal sealed class DatasetRows(ContentStore contents, DatasetVersionRow version, DatasetFileRow file)
{
    /// <summary>So many rows tell enough, and bound how long a test takes.</summary>
    public const int RowLimit = 10_000;

    public string Digest => version.ByteDigest;

    /// <summary>The internal id of the dataset.</summary>
    public long Dataset => version.Dataset;

    /// <exception cref="Fault">There is no such version, or it is not one table.</exception>
    public static async Task<DatasetRows> OpenAsync(ContentStore contents, Reader reader, string reference, CancellationToken cancellationToken)
    {
        var version = await DatasetVersions.GetAsync(reader, DatasetReference.Parse(reference), cancellationToken);
        return await DatasetFiles.TablesAsync(reader, version.Id, cancellationToken) is [var table]
            ? new DatasetRows(contents, version, table)
            : throw Fault.Invalid($"{reference} is not one table: a test sends the rows of a dataset version with one CSV, TSV or JSON Lines file.");
    }

    /// <summary>Its first rows, in batches.</summary>
    /// <param name="size">Rows in a batch.</param>
    /// <param name="label">The column that holds what is true; null when none does.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<RowBatch> BatchesAsync(int size, string? label, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await contents.Database.ReadAsync(reader => DatasetFiles.OpenAsync(contents, reader, (version, file), cancellationToken), cancellationToken);
        await using var table = await TableReader.OpenAsync(content, file.Format!.Value, cancellationToken);
        var (rows, labels) = (new List<IReadOnlyList<string>>(size), new List<string>(size));
        while (table.Row < RowLimit && await table.ReadAsync(cancellationToken))
        {
            Take(table, label, rows, labels);
            if (rows.Count == size)
            {
                yield return Batch(table, label, rows, labels);
                (rows, labels) = (new(size), new(size));
            }
        }

        if (rows.Count > 0)
        {
            yield return Batch(table, label, rows, labels);
        }
    }

    private RowBatch Batch(TableReader table, string? label, List<IReadOnlyList<string>> rows, List<string> labels) => label is null || table.Columns.Contains(label)
        ? new RowBatch([.. table.Columns.Where(column => column != label)], rows, labels)
        : throw Fault.Invalid($"{version.Reference} has no column '{Checks.Text.Shorten(label)}'; it has {Checks.Text.Shorten(string.Join(", ", table.Columns))}.");

    private static void Take(TableReader table, string? label, List<IReadOnlyList<string>> rows, List<string> labels)
    {
        var row = new List<string>(table.Columns.Count);
        for (var column = 0; column < table.Columns.Count; column++)
        {
            if (table.Columns[column] == label)
            {
                labels.Add(Plain(table[column]));
            }
            else
            {
                row.Add(Json(table[column]));
            }
        }

        rows.Add(row);
    }

    private static string Json(Cell cell) => cell.Kind switch
    {
        CellKind.Null => "null",
        CellKind.Plain => PlainJson(Encoding.UTF8.GetString(cell.Bytes)),
        CellKind.Text => JsonSerializer.Serialize(Encoding.UTF8.GetString(cell.Bytes)),
        _ => Encoding.UTF8.GetString(cell.Bytes),
    };

    private static string PlainJson(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
        ? number.ToString("R", CultureInfo.InvariantCulture)
        : text is "true" or "True" ? "true"
        : text is "false" or "False" ? "false"
        : JsonSerializer.Serialize(text);

    private static string Plain(Cell cell) => Predictions.Canonical(Encoding.UTF8.GetString(cell.Bytes));
}
