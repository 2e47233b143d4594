namespace Slipway.Server.Governance;

/// <summary>A row of <c>promotions</c>.</summary>
internal sealed record PromotionRow(long Id, long Model, long Version, string Stage)
{
    public required string State { get; init; }

    /// <summary>The user who asked; null for whoever did not have to say who they are.</summary>
    public long? Requester { get; init; }

    public required string RequesterName { get; init; }

    public required string Justification { get; init; }

    /// <summary>Whether it goes through by itself when the last gate is met.</summary>
    public bool IsAutomatic { get; init; }

    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    /// <summary>Why it ended.</summary>
    public string? Reason { get; init; }
}
