using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Governance;

/// <summary>A row of <c>pipeline_versions</c>, with its pipeline's name.</summary>
internal sealed record PipelineRow(string Name, long Version)
{
    public required long At { get; init; }

    public required string Actor { get; init; }

    /// <summary>SHA-256 of the text, in lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>The file as it was applied.</summary>
    public required string Text { get; init; }

    /// <summary>What the text means.</summary>
    public Pipeline Parse() => ParsedPipelines.Find(Version, Digest) ?? ParsedPipelines.Add(Digest, (Text, Version));

    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
