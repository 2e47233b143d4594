namespace Slipway.Store.Auditing;

/// <summary>What the end of the log was at some moment.</summary>
/// <param name="Sequence">The last entry.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Time">When it was looked at, in milliseconds.</param>
public sealed record Checkpoint(long Sequence, string Hash, long Time);
