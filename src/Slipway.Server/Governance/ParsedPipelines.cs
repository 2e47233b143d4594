using System.Collections.Concurrent;
using Slipway.Server.Governance.Files;

namespace Slipway.Server.Governance;

/// <summary>Pipelines that were read once, by the digest of their text, so that the same is always the same.</summary>
internal static class ParsedPipelines
{
    private const int Limit = 1024;

    private static readonly ConcurrentDictionary<(long Version, string Digest), Pipeline> Known = new();

    public static Pipeline? Find(long version, string digest) => Known.GetValueOrDefault((version, digest));

    public static Pipeline Add(string digest, (string Text, long Version) applied)
    {
        // Far more than are in force anywhere; what is forgotten is read again.
        if (Known.Count >= Limit)
        {
            Known.Clear();
        }

        return Known[(applied.Version, digest)] = PipelineFile.Parse(applied.Text, applied.Version);
    }
}
