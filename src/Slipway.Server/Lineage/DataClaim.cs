using Slipway.Server.Datasets;

namespace Slipway.Server.Lineage;

/// <summary>What a run says of data that it used, before it is known whether there is such data.</summary>
/// <param name="Run">Its internal id.</param>
/// <param name="How">Where it says so: <c>input</c>, <c>params</c> or <c>manifest</c>.</param>
internal sealed record DataClaim(long Run, string How)
{
    public const string ByInput = "input";
    public const string ByParams = "params";
    public const string ByManifest = "manifest";

    /// <summary>Shorter ones, such as those that MLflow computes itself, are shared by different data too easily.</summary>
    public const int LeastDigest = 16;

    public string? Name { get; init; }

    public string? Version { get; init; }

    /// <summary>The beginning of a byte or a table digest in hex, or all of it; null when nothing was said that can be one.</summary>
    public string? Digest { get; init; }

    public bool NamesVersion => Name is not null && Version is not null;

    public static DataClaim Of(long run, string how, (string? Name, string? Version, string? Digest) said)
    {
        var (name, version) = (said.Name, said.Version);
        if (name is not null && name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
        {
            (name, version) = (name[..at], name[(at + 1)..]);
        }

        // Who counts versions of data by hand hands them to MLflow as the digest.
        version ??= said.Digest is { } digest && SemanticVersion.TryParse(digest, out _) ? digest : null;
        return new DataClaim(run, how) { Name = name, Version = version, Digest = IsDigest(said.Digest) ? said.Digest!.ToLowerInvariant() : null };
    }

    /// <summary>Whether what it says of the content is true of a version's; null when it says nothing of it.</summary>
    public bool? Fits(DatasetVersionRow version) => Digest is null ? null
        : version.ByteDigest.StartsWith(Digest, StringComparison.Ordinal) || version.TableDigest?.StartsWith(Digest, StringComparison.Ordinal) == true;

    private static bool IsDigest(string? text) => text is { Length: >= LeastDigest and <= 64 } && text.All(char.IsAsciiHexDigit);
}
