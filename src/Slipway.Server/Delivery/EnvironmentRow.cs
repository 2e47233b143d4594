using System.Collections.Concurrent;

namespace Slipway.Server.Delivery;

/// <summary>A row of <c>environments</c>.</summary>
/// <param name="Name">The environment.</param>
/// <param name="Version">Counts what was applied under the name, from 1.</param>
internal sealed record EnvironmentRow(string Name, long Version)
{
    private const int KnownLimit = 256;

    private static readonly ConcurrentDictionary<string, ServingEnvironment> Known = new();

    /// <summary>Null when it was taken away.</summary>
    public required string? Stage { get; init; }

    public required string Models { get; init; }

    /// <summary>The file as it was applied.</summary>
    public required string Text { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    /// <summary>What the text means.</summary>
    public ServingEnvironment Parse()
    {
        // Far more than are served by one server; what is forgotten is read again.
        if (Known.Count >= KnownLimit)
        {
            Known.Clear();
        }

        return Known.GetOrAdd(Text, EnvironmentFile.Parse);
    }
}
