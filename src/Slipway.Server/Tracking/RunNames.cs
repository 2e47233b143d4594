using System.Security.Cryptography;

namespace Slipway.Server.Tracking;

/// <summary>Makes names for runs and logged models that nobody named: adjective-noun-number, at most 20 characters.</summary>
internal static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "able", "amber", "brisk", "calm", "clever", "coral", "crisp", "deep", "eager", "early", "fair", "fleet", "fresh", "gentle", "glad", "golden",
        "grand", "hardy", "hearty", "honest", "jolly", "keen", "kind", "lively", "lofty", "loyal", "lucid", "merry", "mild", "neat", "noble", "proud",
        "quick", "quiet", "ready", "salty", "sharp", "silver", "snug", "sober", "sound", "steady", "stout", "sunny", "swift", "tidy", "true", "warm",
    ];

    private static readonly string[] Nouns =
    [
        "anchor", "bay", "beacon", "boom", "bow", "breeze", "brig", "buoy", "cape", "cargo", "clipper", "cove", "crane", "crew", "current", "cutter",
        "deck", "dock", "dory", "ferry", "fjord", "galley", "gull", "harbor", "helm", "hull", "jetty", "kayak", "keel", "ketch", "lagoon", "launch",
        "mast", "oar", "osprey", "pier", "pilot", "port", "prow", "quay", "reef", "rudder", "sail", "schooner", "sloop", "spar", "tide", "wharf",
    ];

    public static string New() => $"{Pick(Adjectives)}-{Pick(Nouns)}-{RandomNumberGenerator.GetInt32(1000)}";

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
