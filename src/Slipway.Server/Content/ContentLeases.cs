using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Every statement that touches <c>content_leases</c>: who builds upon stored chunks, so that no sweep takes them away.</summary>
/// <remarks>
/// A lease tells the epoch in which it began. Each sweep condemns in a new epoch, and removes what it condemned only once no
/// lease is older than that: whoever came later saw that the chunk was condemned, and did not build upon it. A process that
/// dies leaves its lease until it expires; one that sleeps past that finds its lease gone when it commits, and fails.
/// </remarks>
internal static class ContentLeases
{
    /// <summary>An upload is heard of more often: each chunk renews an old lease, and slower clients are cut off.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    /// <summary>An upload that may be interrupted, and goes on when its client is back.</summary>
    public static readonly TimeSpan LongLifetime = TimeSpan.FromDays(1);

    public static Task BeginAsync(Writer writer, string id, DateTimeOffset until, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"""
            insert into content_leases (id, epoch, expires_at)
            select cast({id} as text), value, cast({until.ToUnixTimeMilliseconds()} as bigint) from counters where name = 'content_epoch'
            """, cancellationToken);

    /// <summary>Renews the lease, in the transaction that relies on it.</summary>
    /// <exception cref="Fault">It has expired.</exception>
    public static async Task HoldAsync(Writer writer, string id, DateTimeOffset until, CancellationToken cancellationToken) =>
        Demand(await writer.ExecuteAsync($"update content_leases set expires_at = {until.ToUnixTimeMilliseconds()} where id = {id}", cancellationToken));

    /// <summary>Protects also the segments of an object that is not complete.</summary>
    public static Task BindAsync(Writer writer, string id, long objectId, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update content_leases set object = {objectId} where id = {id}", cancellationToken);

    /// <summary>Ends the lease together with what it was for.</summary>
    /// <exception cref="Fault">It has expired.</exception>
    public static async Task CompleteAsync(Writer writer, string id, CancellationToken cancellationToken) => Demand(await EndAsync(writer, id, cancellationToken));

    public static Task<int> EndAsync(Writer writer, string id, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from content_leases where id = {id}", cancellationToken);

    public static Task<int> ExpireAsync(Writer writer, DateTimeOffset now, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from content_leases where expires_at < {now.ToUnixTimeMilliseconds()}", cancellationToken);

    /// <summary>The ids of those that last.</summary>
    public static async Task<HashSet<string>> ListAsync(Reader reader, CancellationToken cancellationToken) =>
        [.. await reader.ListAsync($"select id from content_leases", row => row.GetString(0), cancellationToken)];

    /// <summary>Whether one began before the epoch did.</summary>
    public static Task<bool> AnyBeforeAsync(Reader reader, long epoch, CancellationToken cancellationToken) =>
        reader.AnyAsync($"select 1 from content_leases where epoch < {epoch}", cancellationToken);

    private static void Demand(int changed)
    {
        if (changed == 0)
        {
            throw Fault.Unavailable("The upload took longer than the server waits for it. Send it again.");
        }
    }
}
