using System.Collections.Concurrent;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>The recordings, each read once.</summary>
internal static class Library
{
    private static readonly ConcurrentDictionary<string, Lazy<Recording>> s_recordings = new(StringComparer.Ordinal);

    public static Recording Get(string name) => s_recordings.GetOrAdd(name, key => new Lazy<Recording>(() => Recording.Load(key))).Value;
}
