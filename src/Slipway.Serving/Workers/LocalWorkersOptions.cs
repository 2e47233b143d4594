namespace Slipway.Serving.Workers;

/// <summary>How workers on this machine are looked after.</summary>
/// <param name="Folder">Below it, each worker gets a folder of its own.</param>
internal sealed record LocalWorkersOptions(string Folder)
{
    /// <summary>The executable with what comes before its arguments.</summary>
    public IReadOnlyList<string> Program { get; init; } = WorkerProgram.Find();

    /// <summary>Whether a worker gets a network namespace of its own, where the system allows one.</summary>
    public bool IsConfined { get; init; } = true;

    /// <summary>How often a worker is asked how it is, and its memory is looked at.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it may take to answer that.</summary>
    public TimeSpan CheckLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so many checks in a row without an answer it hangs, and is replaced.</summary>
    public int ChecksMissed { get; init; } = 3;

    /// <summary>How long the first replacement waits; each further one twice as long.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No replacement waits longer. A worker that has lived so long begins anew with the first wait.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopped worker has for the requests under way.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(30);
}
