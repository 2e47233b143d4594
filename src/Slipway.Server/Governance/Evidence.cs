using Slipway.Server.Artifacts;
using Slipway.Server.Registry;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>What is known of a version by its run and its tests.</summary>
/// <remarks>
/// The run that a version names is free text on the wire. It counts only where the version's files lie under its
/// artifacts, or under those of a logged model that it made.
/// </remarks>
internal sealed record Evidence
{
    public static readonly Evidence None = new();

    /// <summary>The run whose metrics count; null when none does.</summary>
    public RunRow? Run { get; init; }

    /// <summary>Why no run counts; null when one does.</summary>
    public string? Objection { get; init; } = "the version names no run";

    /// <summary>The latest values of those metrics that were asked for.</summary>
    public IReadOnlyDictionary<string, MetricPoint> Metrics { get; init; } = new Dictionary<string, MetricPoint>();

    /// <summary>The latest result of each test.</summary>
    public IReadOnlyDictionary<string, TestResultRow> Tests { get; init; } = new Dictionary<string, TestResultRow>();

    /// <summary>The datasets that the run used.</summary>
    public IReadOnlyList<(string Name, string Digest)> Datasets { get; init; } = [];

    /// <summary>What the version was made from; looked up only where a gate asks for it.</summary>
    public KnownData Data { get; init; } = KnownData.None;

    /// <summary>The run of a version and what it measured.</summary>
    public static async Task<Evidence> OfRunAsync(Reader reader, ModelVersionRow version, IReadOnlyCollection<string> metrics, CancellationToken cancellationToken)
    {
        if (version.RunId.Length == 0)
        {
            return None;
        }

        if (await Runs.FindAsync(reader, version.RunId, cancellationToken) is not { } run)
        {
            return None with { Objection = $"there is no run {version.RunId}" };
        }

        if (run.DeletedAt is not null)
        {
            return None with { Objection = $"the run {run.RunId} was deleted" };
        }

        return await MadeAsync(reader, run, version, cancellationToken)
            ? new Evidence
            {
                Run = run,
                Objection = null,
                Metrics = metrics.Count == 0 ? None.Metrics : await Tracking.Metrics.LatestAsync(reader, run.Id, metrics, cancellationToken),
            }
            : None with { Objection = $"the files are not among the artifacts of the run {run.RunId}" };
    }

    private static async Task<bool> MadeAsync(Reader reader, RunRow run, ModelVersionRow version, CancellationToken cancellationToken)
    {
        if (IsBelow(version.DownloadUri, run.ArtifactUri))
        {
            return true;
        }

        // A logged model's files lie in a folder of its id, so whichever model it is, its id is among the names above the files.
        var names = version.DownloadUri.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var made = await LoggedModels.LocationsAsync(reader, run.RunId, names, cancellationToken);
        return made.Exists(location => IsBelow(version.DownloadUri, location));
    }

    /// <summary>Whether one place is another or lies in it.</summary>
    private static bool IsBelow(string uri, string folder)
    {
        if (ArtifactUri.Find(uri) is not { } place || ArtifactUri.Find(folder) is not { } owner)
        {
            // Other stores' names are compared as they are, so nothing in them may climb.
            return !uri.Split('/').Contains("..") && !uri.Contains('%', StringComparison.Ordinal)
                && (uri.TrimEnd('/') == folder.TrimEnd('/') || uri.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));
        }

        return !owner.IsRoot && (place.Text == owner.Text || place.Text.StartsWith(owner.Text + "/", StringComparison.Ordinal));
    }
}
