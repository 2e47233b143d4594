using System.Text.Json;

namespace Slipway.Wire.Auditing;

/// <summary>An entry of the audit log. What it has nothing to say of is absent.</summary>
public sealed record AuditRecord
{
    /// <summary>Its number: 1, 2, 3, … without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written, in milliseconds since 1970-01-01 UTC.</summary>
    public required long Time { get; init; }

    /// <summary>The id of the change.</summary>
    public required string Change { get; init; }

    /// <summary>Who made it.</summary>
    public required string Actor { get; init; }

    /// <summary>How that is known.</summary>
    public required string Authenticated { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? Address { get; init; }

    /// <summary>What was done, such as <c>version.transition</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what, such as <c>models/iris/versions/3</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Other resources that it is about.</summary>
    public IReadOnlyList<string>? About { get; init; }

    /// <summary>The promotion that it belongs to.</summary>
    public string? Promotion { get; init; }

    /// <summary><c>done</c> or <c>refused</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it was refused.</summary>
    public string? Reason { get; init; }

    /// <summary>How many refusals it stands for; absent for one.</summary>
    public long? Count { get; init; }

    /// <summary>The state before.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The state after.</summary>
    public JsonElement? After { get; init; }

    /// <summary>The stages and aliases that it wrote.</summary>
    public IReadOnlyList<AuditEffect>? Effects { get; init; }

    /// <summary>The hash of the entry before it.</summary>
    public required string Previous { get; init; }

    /// <summary>Its own hash: the SHA-256 of its bytes.</summary>
    public string? Hash { get; init; }
}

/// <summary>A stage or an alias of the model that the entry's resource names.</summary>
public sealed record AuditEffect
{
    /// <summary>The version that entered the stage, or that the alias points to; absent for an alias that was taken away.</summary>
    public string? Version { get; init; }

    /// <summary>The stage that the version is in now; absent, where there is no alias either, for a version that was deleted.</summary>
    public string? Stage { get; init; }

    /// <summary>The alias that was set or taken away.</summary>
    public string? Alias { get; init; }
}
