using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>Where requests go. It is never changed but replaced whole; a request keeps the one that it began with.</summary>
internal sealed record Routing(string? Environment, TimeSpan Timeout, EntryCheck? Entry, FrozenDictionary<string, Route> Models)
{
    public static Routing Empty { get; } = new(null, TimeSpan.FromSeconds(60), null, FrozenDictionary<string, Route>.Empty);

    /// <summary>The only model, which answers without being named.</summary>
    public Route? Single { get; } = Models.Count == 1 ? Models.Values[0] : null;
}

/// <summary>Where the requests of one model go.</summary>
/// <param name="Model">The model.</param>
/// <param name="Main">Who has them; null when nobody can answer.</param>
/// <param name="Candidate">Who has a part of them.</param>
/// <param name="Share">That part, from 0 to 1.</param>
/// <param name="Outcomes">Who is told how they end.</param>
internal sealed record Route(ServedModel Model, Pool? Main, Pool? Candidate, double Share, Outcomes Outcomes)
{
    /// <summary>Chooses by chance, or by the caller's key so that the same one always meets the same version.</summary>
    public Choice Choose(double chance)
    {
        if (Candidate is null || Share <= 0)
        {
            return new Choice(Main, IsCandidate: false, 0);
        }

        // A candidate that has no worker left is the judge's to fail, and nobody's request has to suffer for it.
        return chance < Share && (Candidate.HasHealthy || Main is null) ? new Choice(Candidate, IsCandidate: true, Share) : new Choice(Main, IsCandidate: false, Share);
    }

    /// <summary>A number from 0 to 1 that a key always has.</summary>
    public static double ChanceOf(string key)
    {
        // FNV-1a, then mixed: short keys differ in few bits.
        var hash = 14695981039346656037ul;
        foreach (var letter in key)
        {
            hash = (hash ^ letter) * 1099511628211ul;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdul;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53ul;
        return ((hash ^ (hash >> 33)) >> 11) * (1.0 / (1ul << 53));
    }
}

/// <summary>Who answers a request.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Choice(Pool? Pool, bool IsCandidate, double Share);
