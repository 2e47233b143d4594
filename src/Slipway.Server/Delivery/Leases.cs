using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Every statement that touches <c>environment_leases</c>: which process looks after an environment.</summary>
internal static class Leases
{
    /// <summary>Takes, or keeps, the lease of an environment; null while another process has it.</summary>
    public static async Task<Lease?> TakeAsync(Writer writer, (string Environment, string Owner) who, (long At, long Until) time, CancellationToken cancellationToken)
    {
        var epoch = await writer.FindAsync($"""
            insert into environment_leases (environment, owner, epoch, until) values ({who.Environment}, {who.Owner}, 1, {time.Until})
            on conflict (environment) do update set until = excluded.until,
                epoch = environment_leases.epoch + case when environment_leases.owner = excluded.owner then 0 else 1 end, owner = excluded.owner
            where environment_leases.owner = excluded.owner or environment_leases.until <= {time.At}
            returning epoch
            """, row => (long?)row.GetInt64(0), cancellationToken);
        return epoch is { } number ? new Lease(who.Environment, who.Owner, number) : null;
    }

    /// <summary>Lets go of what a process that ends looked after, so that the next need not wait.</summary>
    public static Task ReleaseAsync(Writer writer, string owner, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update environment_leases set until = 0 where owner = {owner}", cancellationToken);

    /// <exception cref="Fault">Another process took over meanwhile.</exception>
    public static async Task DemandAsync(Reader reader, Lease lease, CancellationToken cancellationToken)
    {
        if (!await reader.AnyAsync($"select 1 from environment_leases where environment = {lease.Environment} and owner = {lease.Owner} and epoch = {lease.Epoch}", cancellationToken))
        {
            throw Fault.Conflict($"Another process looks after the environment {lease.Environment} by now.");
        }
    }
}

/// <summary>That a process looks after an environment.</summary>
/// <param name="Environment">Which.</param>
/// <param name="Owner">The process.</param>
/// <param name="Epoch">Grows with each process that takes over; what is done under an older one is refused.</param>
internal sealed record Lease(string Environment, string Owner, long Epoch);

/// <summary>A change that only whoever looks after the environment may make.</summary>
internal interface ILeased
{
    Lease? Lease { get; }
}
