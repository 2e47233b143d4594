using Slipway.Server.Artifacts;
using Slipway.Server.Datasets.Comparing;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Datasets;

namespace Slipway.Server.Datasets;

/// <summary>Compares two versions of a dataset, a few at a time: each may take minutes, and half a gigabyte of memory.</summary>
internal sealed class DatasetDiffs(Spine spine)
{
    private const int AtOnce = 2;

    private int _running;

    /// <exception cref="Fault">There are no such versions, or too many are being compared.</exception>
    public async Task<DatasetDiff> CompareAsync(Caller caller, DiffQuery query, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _running) > AtOnce)
        {
            Interlocked.Decrement(ref _running);
            throw Fault.Unavailable($"{AtOnce} comparisons are under way, and that is as many as this server makes at once. Ask again in a moment.");
        }

        try
        {
            var (a, b) = await spine.ReadAsync(caller, async reader => (await FindAsync(reader, query.A, query.Path, cancellationToken), await FindAsync(reader, query.B, query.Path, cancellationToken)), cancellationToken);
            var diff = new DatasetDiff(query.A.Name, a.Row.Version, b.Row.Version, a.Row.ByteDigest == b.Row.ByteDigest, DiffViews.Files(a.Files, b.Files));
            return a.Table is null || b.Table is null
                ? diff with { Note = NoteOf(a.Table is null ? a : b) }
                : diff with { Table = DiffViews.ToWire(await CompareTablesAsync(a.Table, b.Table, query.Keys, cancellationToken)) };
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static string NoteOf(Side side) => side.Tables == 0
        ? $"{side.Row.Reference} holds no such table, so only files are compared."
        : $"{side.Row.Reference} holds {side.Tables} tables. Name one by its path to compare it.";

    private async Task<TableDifference> CompareTablesAsync(TableSource a, TableSource b, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await TableDiff.CompareAsync(a, b, new TableDiffOptions(keys, spine.Contents.Settings.SpoolFolder), cancellationToken);
        }
        catch (IOException exception)
        {
            throw DiskFault.CantStore(exception);
        }
    }

    private async Task<Side> FindAsync(Reader reader, DatasetReference reference, string? path, CancellationToken cancellationToken)
    {
        var row = (await DatasetVersions.GetAsync(reader, reference, cancellationToken)).Kept();
        var files = await DatasetFiles.ListAsync(reader, row.Id, ("", DatasetContent.FileLimit), cancellationToken);
        var tables = files.Where(file => file.Format is not null && (string.IsNullOrEmpty(path) || file.Path == path)).ToList();
        var source = tables is [var table] ? SourceOf(row, table, await DatasetFiles.ProfileAsync(reader, row.Id, table.Path, cancellationToken)) : null;
        return new Side(row, files, tables.Count, source);
    }

    private TableSource SourceOf(DatasetVersionRow version, DatasetFileRow table, TableProfile? profile) =>
        new(async cancellationToken => await spine.Database.ReadAsync(reader => DatasetFiles.OpenAsync(spine.Contents, reader, (version, table), cancellationToken), cancellationToken), table.Format!.Value)
        {
            Profile = profile,
        };

    /// <summary>One of the two versions.</summary>
    private sealed record Side(DatasetVersionRow Row, IReadOnlyList<DatasetFileRow> Files, int Tables, TableSource? Table);
}

/// <summary>What to compare, and how.</summary>
internal sealed record DiffQuery(DatasetReference A, DatasetReference B, IReadOnlyList<string> Keys, string? Path)
{
    public static DiffQuery Decode(string name, DatasetDiffRequest wire) => new(
        DatasetReference.Of(name, Checks.Require.Text(wire.A, "a")),
        DatasetReference.Of(name, Checks.Require.Text(wire.B, "b")),
        Checks.Require.Texts(wire.Key, "key"),
        wire.Path);
}
