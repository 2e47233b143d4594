namespace Slipway.Store.Auditing;

/// <summary>Every statement that touches <c>outbox</c>: what a change announces, kept for those who deliver it.</summary>
internal static class Outbox
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static Task AddAsync(Writer writer, OutboxEvent announced, CancellationToken cancellationToken) =>
        writer.SendAsync($"""
            insert into outbox (seq, ordinal, at, topic, payload)
            values ({announced.Sequence}, {announced.Ordinal}, {announced.At}, {announced.Topic}, {announced.Payload})
            """, cancellationToken);

    /// <summary>Lets go of what is older than it has to be kept.</summary>
    public static Task<int> TrimAsync(Writer writer, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from outbox where at < {(now - Kept).ToUnixTimeMilliseconds()}", cancellationToken);
}

/// <summary>One thing that a change announces, under the number of its audit entry.</summary>
internal sealed record OutboxEvent(long Sequence, long Ordinal, long At, string Topic, string Payload);
