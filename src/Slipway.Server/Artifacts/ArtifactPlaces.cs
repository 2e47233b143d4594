using System.Globalization;
using Slipway.Server.Content;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Where artifacts may be, and which of these places this server reads: its own store, and the bucket that it shares with clients, if it has one.</summary>
/// <param name="bucket">Below it new experiments keep their artifacts, and clients reach them without the server; null when all go through the server.</param>
/// <param name="localFolders">Where local locations may lie.</param>
internal sealed class ArtifactPlaces(S3Place? bucket, IReadOnlyList<string> localFolders)
{
    private const string StoreScheme = "mlflow-artifacts:";

    private readonly string? _root = bucket?.Uri.TrimEnd('/');

    /// <summary>Where a new experiment keeps its artifacts unless it says so itself.</summary>
    public string LocationOf(long experiment) => string.Create(CultureInfo.InvariantCulture, $"{_root ?? StoreScheme}/{experiment}");

    /// <summary>Answers the location of an experiment as it is to be stored.</summary>
    /// <exception cref="Fault">The location is none, or is not safe.</exception>
    public string Check(string location)
    {
        var checkedLocation = ArtifactLocation.Check(location, localFolders);
        if (FindBelowBucket(checkedLocation) is not { } below)
        {
            return checkedLocation;
        }

        if (below.IsRoot || below.ExperimentId is not null)
        {
            throw ArtifactLocation.Invalid(below.IsRoot ? "it is the root of all artifacts" : $"the folder {below.ExperimentId} belongs to the experiment of that number");
        }

        return checkedLocation;
    }

    /// <summary>What the URI names in this server's store, or in its bucket; null when the server reads nothing there.</summary>
    /// <exception cref="Fault">It names a place there that is not safe.</exception>
    public ArtifactPath? Find(string uri) => FindBelowBucket(uri) is { IsRoot: false } below ? ArtifactPath.InBucket(_root!, below) : ArtifactUri.Find(uri);

    /// <inheritdoc cref="Find"/>
    /// <exception cref="Fault">The bytes are elsewhere, and this server does not fetch them.</exception>
    public ArtifactPath Get(string uri) => Find(uri) ?? ArtifactUri.Get(uri);

    // Names in a bucket are not decoded: clients take them as they are.
    private ArtifactPath? FindBelowBucket(string uri)
    {
        if (_root is null || !uri.StartsWith(_root, StringComparison.Ordinal) || uri[_root.Length..] is not ("" or ['/', ..]))
        {
            return null;
        }

        var below = uri[_root.Length..].TrimStart('/');
        return below.Contains('?', StringComparison.Ordinal) ? throw Fault.Invalid("Invalid path: it has a '?'.") : ArtifactPath.ParseFolder(below);
    }
}
