using Slipway.Bench.Cases;
using Slipway.Bench.Load;
using Slipway.Bench.Report;
using Slipway.Server;
using Slipway.Testing;

namespace Slipway.Bench.Machine;

/// <summary>Counts what a server allocates, which it can't tell from outside: it runs in this process here, on SQLite.</summary>
internal static class AllocationProbe
{
    private static readonly string[] Counted = ["log-metric", "log-batch-10", "log-batch-1000", "get-run"];

    public static async Task<List<Allocation>> RunAsync(BenchOptions options)
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var server = await SlipwayServer.StartAsync(new ServerOptions { Port = 0, Data = fresh.Folder });
        using var material = new Material(server.Address);
        var found = new List<Allocation>();
        foreach (var counted in new TrackingCases(material).All.Where(found => Counted.Contains(found.Name) && options.Wants(found.Name)))
        {
            var operation = counted.Prepare();
            foreach (var connections in options.Connections.Order())
            {
                using var loader = new Loader(server.Address, connections);
                loader.Run(operation, options.WarmUp);
                found.Add(new Allocation(counted.Name, connections, Count(loader, operation)));
            }
        }

        return found;
    }

    // The loader works on this thread only, so that its own bytes can be taken away.
    private static double Count(Loader loader, Operation operation)
    {
        var (all, own) = (GC.GetTotalAllocatedBytes(precise: true), GC.GetAllocatedBytesForCurrentThread());
        var requests = loader.Run(operation, TimeSpan.FromSeconds(1)).Count;
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - all - (GC.GetAllocatedBytesForCurrentThread() - own)) / requests;
    }
}
