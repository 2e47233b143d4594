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
    /// <summary>The format that a file's name speaks of; null when it is to be kept as bytes.</summary>
    public static TableFormat? Find(string fileName) => Path.GetExtension(fileName).ToUpperInvariant() switch
    {
        ".CSV" => TableFormat.Csv,
        ".TSV" or ".TAB" => TableFormat.Tsv,
        ".JSONL" or ".NDJSON" => TableFormat.JsonLines,
        _ => null,
    };
}
