namespace Slipway.Wire.Auditing;

/// <summary>Which entries to find; what is absent does not matter.</summary>
public sealed record AuditRequest
{
    /// <summary>A model by name: all that was ever done under it. The history of a model takes it from its path.</summary>
    public string? Model { get; init; }

    /// <summary>A version of that model.</summary>
    public string? Version { get; init; }

    /// <summary>Who made the change.</summary>
    public string? Actor { get; init; }

    /// <summary>What was done, such as <c>version.transition</c>.</summary>
    public string? Action { get; init; }

    /// <summary><c>done</c> or <c>refused</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>The promotion that it belongs to.</summary>
    public string? Promotion { get; init; }

    /// <summary>Not before: ISO 8601, UTC unless it says otherwise, or milliseconds since 1970.</summary>
    public string? From { get; init; }

    /// <summary>Not after: as <see cref="From"/>.</summary>
    public string? To { get; init; }

    /// <summary><c>newest</c> first, which is the default, or <c>oldest</c>.</summary>
    public string? Order { get; init; }

    /// <summary><c>next</c> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>At most so many on a page: 1 to 1000, 100 unless given.</summary>
    public long? MaxResults { get; init; }
}

/// <summary>Which part of the log to export; all of it when nothing is given.</summary>
public sealed record ExportAuditRequest
{
    /// <summary>The number of its first entry.</summary>
    public long? First { get; init; }

    /// <summary>The number of its last entry.</summary>
    public long? Last { get; init; }

    /// <summary>Not before: ISO 8601, UTC unless it says otherwise, or milliseconds since 1970.</summary>
    public string? From { get; init; }

    /// <summary>Not after: as <see cref="From"/>.</summary>
    public string? To { get; init; }
}

/// <summary>One page of entries.</summary>
/// <param name="Entries">In the order that was asked for.</param>
/// <param name="Next">Where the next page begins; absent on the last.</param>
public sealed record AuditPage(IReadOnlyList<AuditRecord> Entries, string? Next);

/// <summary>What a walk over the whole log found.</summary>
/// <param name="Sound">Whether nothing was changed, removed, reordered or cut off, as far as can be seen.</param>
/// <param name="Entries">How many entries are sound, from the first on.</param>
/// <param name="Checkpoints">How many checkpoints were compared.</param>
public sealed record AuditVerdict(bool Sound, long Entries, long Checkpoints)
{
    /// <summary>The first entry of the part that was verified; absent when it was the whole log.</summary>
    public long? First { get; init; }

    /// <summary>The last entry of that part.</summary>
    public long? Last { get; init; }

    /// <summary>The first thing that is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>The last entry that a checkpoint saw; what was cut off behind it can't be seen.</summary>
    public long? LastCheckpoint { get; init; }

    /// <summary>When that was, in milliseconds since 1970-01-01 UTC.</summary>
    public long? LastCheckpointTime { get; init; }
}

/// <summary>The key that signs checkpoints from now on.</summary>
/// <param name="Key">The SHA-256 of the public key.</param>
public sealed record CheckpointKeyResponse(string Key);
