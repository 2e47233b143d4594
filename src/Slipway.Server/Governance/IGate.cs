using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>One requirement in front of a stage. It reads evidence in the session it is given, never calls the network and never sleeps.</summary>
internal interface IGate
{
    Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken);
}

/// <summary>What a gate wants and what it found.</summary>
/// <param name="Gate">Its name, such as <c>metric accuracy</c>.</param>
/// <param name="IsMet">Whether it lets pass.</param>
/// <param name="Required">In words, such as <c>at least 0.85</c>.</param>
/// <param name="Measured">In words, such as <c>0.8312</c> or <c>nothing</c>.</param>
internal sealed record GateResult(string Gate, bool IsMet, string Required, string Measured)
{
    /// <summary>Where the evidence is, such as <c>runs/3f…</c>.</summary>
    public string? Evidence { get; init; }

    /// <summary>When it will be met if nothing else changes, in milliseconds; only time does that.</summary>
    public long? MetAt { get; init; }

    /// <summary>What an approval is given to: the measured value as it is, or null for what an approval is not about (time, approvals, freezes).</summary>
    public string? Bound { get; init; }

    public override string ToString() => $"{Gate} is {Measured}, required {Required}";
}
