using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>The stages that a version can be in.</summary>
internal static class StageName
{
    public const string None = "None";
    public const string Staging = "Staging";
    public const string Production = "Production";
    public const string Archived = "Archived";

    private static readonly string[] All = [None, Staging, Production, Archived];

    /// <summary>The stage in its own spelling, whatever the letter case it came in; null when it is none of the standard ones.</summary>
    public static string? Find(string text) => Array.Find(All, stage => stage.Equals(text, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc cref="Find"/>
    /// <exception cref="Fault">It is none of the standard ones.</exception>
    public static string Parse(string text) => Find(text)
        ?? throw Fault.Invalid($"Invalid Model Version stage: '{Checks.Text.Shorten(text)}'. Value must be one of {string.Join(", ", All)}.");

    /// <summary>Whether others can be archived when a version enters it.</summary>
    public static bool IsServed(string stage) => stage is Staging or Production;
}
