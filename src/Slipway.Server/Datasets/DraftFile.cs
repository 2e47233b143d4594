using Slipway.Server.Datasets.Reading;

namespace Slipway.Server.Datasets;

/// <summary>A file of a version that is being sent.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Draft">The draft's id.</param>
/// <param name="Format">How it is read; null when it is kept as bytes.</param>
/// <param name="Path">Where it is to be in the version.</param>
internal sealed record DraftFile(string Dataset, string Draft, TableFormat? Format, string Path)
{
    private const string Bytes = "bytes";

    // Nothing but the path has a slash.
    public static DraftFile Parse(string text) =>
        text.Split('/', 4) is [var dataset, var draft, var format, var path] ? new DraftFile(dataset, draft, TableFormats.Choose(format, path), path) : throw new InvalidOperationException($"'{text}' is no file of a draft.");

    public override string ToString() => $"{Dataset}/{Draft}/{Format?.Name() ?? Bytes}/{Path}";
}

/// <summary>A file of a version of a dataset.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Version">The version's number.</param>
/// <param name="Path">Where it is in the version.</param>
internal sealed record VersionFile(string Dataset, string Version, string Path)
{
    public static VersionFile Parse(string text) =>
        text.Split('/', 3) is [var dataset, var version, var path] ? new VersionFile(dataset, version, path) : throw new InvalidOperationException($"'{text}' is no file of a version.");

    public override string ToString() => $"{Dataset}/{Version}/{Path}";
}
