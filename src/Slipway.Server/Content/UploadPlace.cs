using Slipway.Server.Artifacts;
using Slipway.Server.Datasets;
using Slipway.Server.Identity;

namespace Slipway.Server.Content;

/// <summary>What content is uploaded for, or builds upon: a kind of thing, and the name of one.</summary>
internal sealed record UploadPlace(string Kind, string Name)
{
    private const string ArtifactKind = "artifact";
    private const string DraftKind = "dataset-draft";
    private const string VersionKind = "dataset-version";

    /// <summary>The artifact that is meant; null when it is something else.</summary>
    public ArtifactPath? Path => Kind == ArtifactKind ? ArtifactPath.Stored(Name) : null;

    /// <summary>The file of a version that is being sent; null when it is something else.</summary>
    public DraftFile? Draft => Kind == DraftKind ? DraftFile.Parse(Name) : null;

    /// <summary>The file of a version of a dataset; null when it is something else.</summary>
    public VersionFile? Version => Kind == VersionKind ? VersionFile.Parse(Name) : null;

    /// <summary>What decides who may write or read there.</summary>
    public Target Target => this switch
    {
        { Path: { } path } => Target.Artifact(path),
        { Draft: { } draft } => Target.Dataset(draft.Dataset),
        { Version: { } version } => Target.Dataset(version.Dataset),
        _ => throw new InvalidOperationException($"Nobody knows the rights of {Kind}."),
    };

    public static UploadPlace Artifact(ArtifactPath path) => new(ArtifactKind, path.Text);

    public static UploadPlace Of(DraftFile draft) => new(DraftKind, draft.ToString());

    public static UploadPlace Of(VersionFile version) => new(VersionKind, version.ToString());
}
