namespace Slipway.Serving.Workers;

/// <summary>How one model is served by one worker.</summary>
/// <param name="Model">The model's folder.</param>
internal sealed record WorkerOptions(string Model)
{
    /// <summary><c>onnx</c> or <c>python</c>; null chooses by the model's flavors.</summary>
    public string? Runtime { get; init; }

    /// <summary>The Python that python models run in; null takes the one on PATH.</summary>
    public string? Python { get; init; }

    /// <summary>After this, loading is given up.</summary>
    public TimeSpan LoadLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After this, a request is answered 504.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A longer body is refused.</summary>
    public long BodyLimit { get; init; } = 64L << 20;

    /// <summary>The worker is ended above this resident memory; null watches nothing.</summary>
    public long? MemoryLimit { get; init; } = 2L << 30;

    /// <summary>How many predictions are made at once.</summary>
    public int Sessions { get; init; } = 1;

    /// <summary>How many threads work on one prediction.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How many rows of several requests are predicted together at most; 1 batches nothing.</summary>
    public int BatchRows { get; init; } = 1;

    /// <summary>How long the first request of a batch waits for others.</summary>
    public TimeSpan BatchWait { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Names that pickles may import beside the usual: <c>package.module.Name</c> or <c>package.*</c>.</summary>
    public IReadOnlyList<string> AllowedImports { get; init; } = [];

    /// <summary>Whether someone answers for the code that these very files may hold; then no scan keeps them from loading.</summary>
    public bool CodeTrusted { get; init; }

    /// <summary>Whether everyone who may upload models is known, so that pickles load even where Python can't be shut in.</summary>
    public bool PicklesTrusted { get; init; }
}
