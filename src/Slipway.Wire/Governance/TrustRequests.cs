namespace Slipway.Wire.Governance;

/// <summary>That someone answers for the code which a version's files may hold, so that workers load it whatever the scan of its pickles says.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version's number, as digits.</param>
/// <param name="ManifestDigest">Over the files that are trusted; others are not.</param>
/// <param name="Reason">Why.</param>
public sealed record VersionTrust(string Model, string Version, string ManifestDigest, string Reason)
{
    /// <summary>Who said so.</summary>
    public required string TrustedBy { get; init; }

    /// <summary>When, in milliseconds since 1970.</summary>
    public required long TrustedAt { get; init; }
}
