namespace Slipway.Serving.Gateway.Records;

/// <summary>All that a gateway needs to serve an environment. It is never changed: the next one, with a higher epoch, replaces it whole.</summary>
internal sealed record GatewayTable
{
    /// <summary>Grows with every table of an environment; a gateway refuses one that is lower than what it has.</summary>
    public required long Epoch { get; init; }

    public required string Environment { get; init; }

    /// <summary>Where callers come in, such as <c>http://127.0.0.1:5002</c>; port 0 takes a free one. It may change from table to table.</summary>
    public required string Listen { get; init; }

    /// <summary>Who decides whether a caller may come in; null when everybody may.</summary>
    public EntryCheck? Entry { get; init; }

    /// <summary>A request that takes longer is answered 504.</summary>
    public double TimeoutSeconds { get; init; } = 60;

    /// <summary>How many requests one worker is given at a time; more wait.</summary>
    public int RequestsPerWorker { get; init; } = 32;

    /// <summary>How many requests of a deployment may wait; more are answered 429.</summary>
    public int QueueLimit { get; init; } = 256;

    /// <summary>How long requests of a deployment that is no longer in the table may go on.</summary>
    public double DrainSeconds { get; init; } = 30;

    public IReadOnlyList<ServedModel> Models { get; init; } = [];
}

/// <summary>
/// Asks the server whether the bearer of an <c>Authorization</c> may invoke a model: <c>GET {Address}?model=NAME</c> with that header.
/// 2xx is yes, 401 and 403 are no, and the answer is passed on; all else counts as the server being away.
/// </summary>
/// <param name="Address">An absolute address of the server.</param>
/// <param name="KeepSeconds">How long an answer holds before the server is asked again. While the server is away, the last answer goes on.</param>
internal sealed record EntryCheck(string Address, double KeepSeconds = 2);

/// <summary>A model of an environment and the deployments that may answer for it.</summary>
internal sealed record ServedModel
{
    public required string Name { get; init; }

    /// <summary>One of them is <see cref="DeploymentRole.Stable"/>, unless this is the first rollout.</summary>
    public IReadOnlyList<Deployment> Deployments { get; init; } = [];

    /// <summary>The rollout or trial that is under way.</summary>
    public RolloutPlan? Rollout { get; init; }

    /// <summary>A header whose value decides where a caller goes, so that the same value always meets the same version; null spreads by request.</summary>
    public string? StickyHeader { get; init; }

    /// <summary>Whether a request that a dying worker had may be sent to another one.</summary>
    public bool RetryInFlight { get; init; } = true;

    /// <summary>Watches the stable deployment when no rollout is under way; null does not.</summary>
    public DegradationWatch? Watch { get; init; }
}

/// <summary>One version of a model and how many workers serve it.</summary>
internal sealed record Deployment
{
    /// <summary>Unique in the environment, and never given twice.</summary>
    public required string Id { get; init; }

    public required string Version { get; init; }

    public required DeploymentRole Role { get; init; }

    /// <summary>The folder of its files, which are there and were verified.</summary>
    public required string Folder { get; init; }

    public int Workers { get; init; } = 1;

    /// <summary>Options of <c>slipway worker</c> by name, without the dashes: <c>runtime</c>, <c>python</c>, <c>sessions</c>, ….</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Addresses of workers that somebody else runs (<c>http://host:port</c> or <c>unix:PATH</c>); the gateway then starts none.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }
}

/// <summary>What a deployment is to its model.</summary>
internal enum DeploymentRole
{
    /// <summary>It has the traffic.</summary>
    Stable,

    /// <summary>A rollout or trial brings traffic to it.</summary>
    Candidate,

    /// <summary>It was stable before and is kept warm for a rollback.</summary>
    Previous,
}
