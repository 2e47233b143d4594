namespace Slipway.Server.Governance;

/// <summary>A row of <c>freezes</c>: until it ends, no version of its models enters its stage.</summary>
internal sealed record FreezeRow(long Id, string Pattern, string? Stage, string Reason)
{
    public required string Actor { get; init; }

    public required long At { get; init; }

    public long? EndsAt { get; init; }

    public long? LiftedAt { get; init; }
}
