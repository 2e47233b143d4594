using Slipway.Store;

namespace Slipway.Server.Datasets.Reading;

/// <summary>How the rows of a table are written in a file.</summary>
internal enum TableFormat
{
    /// <summary>Cells between commas, quoted as RFC 4180 says; the first row names the columns.</summary>
    Csv,

    /// <summary>The same with tabs.</summary>
    Tsv,

    /// <summary>One JSON object on each line.</summary>
    JsonLines,
}

/// <summary>Which files are tables.</summary>
internal static class TableFormats
{
    private const string Bytes = "bytes";

    /// <summary>The format that a file's name speaks of; null when it is to be kept as bytes.</summary>
    public static TableFormat? Find(string fileName) => Path.GetExtension(fileName).ToUpperInvariant() switch
    {
        ".CSV" => TableFormat.Csv,
        ".TSV" or ".TAB" => TableFormat.Tsv,
        ".JSONL" or ".NDJSON" => TableFormat.JsonLines,
        _ => null,
    };

    /// <summary>As it is stored, and written in requests.</summary>
    public static string Name(this TableFormat format) => format switch
    {
        TableFormat.Csv => "csv",
        TableFormat.Tsv => "tsv",
        _ => "jsonl",
    };

    public static TableFormat Parse(string name) => name switch
    {
        "csv" => TableFormat.Csv,
        "tsv" => TableFormat.Tsv,
        "jsonl" => TableFormat.JsonLines,
        _ => throw Fault.Invalid($"Invalid format '{Checks.Text.Shorten(name)}': it must be csv, tsv, jsonl or {Bytes}."),
    };

    /// <summary>The format that a request asks for; by the file's name unless it says something.</summary>
    public static TableFormat? Choose(string? format, string fileName) => string.IsNullOrEmpty(format) ? Find(fileName) : format == Bytes ? null : Parse(format);
}
