using Slipway.Server.Artifacts;
using Slipway.Server.Identity;

namespace Slipway.Server.Content;

/// <summary>What content is uploaded for, or builds upon: a kind of thing, and the name of one.</summary>
internal sealed record UploadPlace(string Kind, string Name)
{
    private const string ArtifactKind = "artifact";

    /// <summary>The artifact that is meant; null when it is something else.</summary>
    public ArtifactPath? Path => Kind == ArtifactKind ? ArtifactPath.Stored(Name) : null;

    /// <summary>What decides who may write or read there.</summary>
    public Target Target => Path is { } path ? Target.Artifact(path) : throw new InvalidOperationException($"Nobody knows the rights of {Kind}.");

    public static UploadPlace Artifact(ArtifactPath path) => new(ArtifactKind, path.Text);
}
