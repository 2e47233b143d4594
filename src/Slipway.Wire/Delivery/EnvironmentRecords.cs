namespace Slipway.Wire.Delivery;

/// <summary>POST environments: puts an environment in force as its file says. The header <c>If-Match</c> may name the version that the caller has seen.</summary>
/// <param name="Text">Required; the YAML, up to 64 KiB.</param>
/// <param name="DryRun">Only say whether it can be used; false unless told otherwise.</param>
public sealed record ApplyEnvironmentRequest(string? Text, bool? DryRun);

/// <summary>The environments in force.</summary>
/// <param name="Environments">By name, without their texts; may be empty.</param>
public sealed record EnvironmentsResponse(IReadOnlyList<ServedEnvironment> Environments);

/// <summary>Where a stage is served.</summary>
/// <param name="Name">The environment's name.</param>
/// <param name="Version">Counts what was applied under the name, from 1.</param>
/// <param name="Stage">The stage whose versions it serves.</param>
/// <param name="Models">The pattern of the names of its models; <c>*</c> is any run of characters.</param>
public sealed record ServedEnvironment(string Name, long Version, string Stage, string Models)
{
    /// <summary>What its file says of it.</summary>
    public string? Description { get; init; }

    /// <summary>Where callers come in, such as <c>http://127.0.0.1:5002</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>Whether everybody may come in.</summary>
    public bool Public { get; init; }

    /// <summary>How many processes serve each version.</summary>
    public long Workers { get; init; }

    /// <summary><c>all-at-once</c>, <c>blue-green</c> or <c>canary</c>.</summary>
    public required string Strategy { get; init; }

    /// <summary>Who applied it; absent in a dry run.</summary>
    public string? AppliedBy { get; init; }

    /// <summary>When, in milliseconds since 1970; absent in a dry run.</summary>
    public long? AppliedAt { get; init; }

    /// <summary>The file as it was applied; absent in lists.</summary>
    public string? Text { get; init; }
}

/// <summary>GET environments/{name}/entry: whether the caller may invoke a model there. The gateway asks this.</summary>
/// <param name="Model">Required; the model's name.</param>
public sealed record EntryRequest(string? Model);
