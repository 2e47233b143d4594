namespace Slipway.Server.Governance;

/// <summary>A row of <c>promotions</c>, with the names of its model and version.</summary>
internal sealed record PromotionRow(long Id, long Model, long Version, string Stage)
{
    public string ModelName { get; init; } = "";

    /// <summary>The version's number.</summary>
    public long Number { get; init; }

    public required string State { get; init; }

    /// <summary>The user who asked; null for whoever did not have to say who they are.</summary>
    public long? Requester { get; init; }

    public required string RequesterName { get; init; }

    public required string Justification { get; init; }

    /// <summary>Whether it goes through by itself when the last gate is met, and on whose behalf.</summary>
    public Going Going { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>Why it ended.</summary>
    public string? Reason { get; init; }

    public string Resource => $"models/{ModelName}/versions/{Number}";
}

/// <summary>How a promotion goes through once every gate is met.</summary>
internal enum Going
{
    /// <summary>Not by itself: somebody moves the version.</summary>
    Held = 0,

    /// <summary>By itself, as a change of the requester.</summary>
    ForRequester = 1,

    /// <summary>By itself, as the pipeline wants it of every version that is registered.</summary>
    ForPipeline = 2,
}
