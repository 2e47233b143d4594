namespace Slipway.Testing;

/// <summary>What to run on a leash, and what becomes of it when we are gone.</summary>
internal sealed record Leash(IReadOnlyList<string> Command)
{
    /// <summary>What the whole leash is run by: a program that changes to another user.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it runs: the root unless told otherwise, for another user may not enter our folder.</summary>
    public string WorkingFolder { get; init; } = "/";

    /// <summary>How the process is told to end when the leash is released or we die.</summary>
    public string Signal { get; init; } = "KILL";

    /// <summary>A folder to remove after the process has ended.</summary>
    public string Folder { get; init; } = "";
}
