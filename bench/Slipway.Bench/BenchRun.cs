using System.Globalization;
using Slipway.Bench.Cases;
using Slipway.Bench.Load;
using Slipway.Bench.Machine;
using Slipway.Bench.Report;

namespace Slipway.Bench;

/// <summary>Measures one case after the other, and the yardstick between them: machines are shared and change their pace.</summary>
internal sealed class BenchRun(BenchOptions options, YardstickProcess yardstick)
{
    private static readonly TimeSpan FsyncTime = TimeSpan.FromSeconds(1);

    /// <summary>After this, a server knows that the load is over.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static async Task<Figures> RunAsync(BenchOptions options)
    {
        await using var yardstick = await YardstickProcess.StartAsync();
        var run = new BenchRun(options, yardstick);
        var fsync = FsyncProbe.Run(Path.GetTempPath(), FsyncTime);
        var databases = new List<DatabaseFigures>();
        foreach (var kind in options.Databases)
        {
            databases.Add(await run.MeasureAsync(kind));
        }

        Say("Counting what is allocated");
        return new Figures(Host.Describe(), fsync, databases, await AllocationProbe.RunAsync(options));
    }

    private async Task<DatabaseFigures> MeasureAsync(DatabaseKind kind)
    {
        await using var server = await ServerUnderLoad.StartAsync(kind);
        using var material = new Material(server.Address);
        var operations = Prepare(kind, [.. new TrackingCases(material).All, .. new RegistryCases(material).All, .. new SearchCases(material).All]);
        await server.SettleAsync();

        var rows = new List<Row>();
        foreach (var connections in options.Connections.Order())
        {
            rows.AddRange(Measure(server, connections, [.. operations.Where(operation => operation.Case.Median is null)]));
        }

        rows = [.. rows.OrderBy(row => operations.FindIndex(operation => operation.Case == row.Case)).ThenBy(row => row.Connections)];
        rows.AddRange(Measure(server, 1, [.. operations.Where(operation => operation.Case.Median is not null)]));
        await Task.Delay(Rest);
        return new DatabaseFigures(kind, await server.VersionAsync(), rows, server.Memory);
    }

    private List<(Case Case, Operation Operation)> Prepare(DatabaseKind kind, IEnumerable<Case> cases)
    {
        var prepared = new List<(Case, Operation)>();
        foreach (var wanted in cases.Where(wanted => options.Wants(wanted.Name)))
        {
            Say($"Preparing {wanted.Name} on {kind}");
            prepared.Add((wanted, wanted.Prepare()));
        }

        return prepared;
    }

    private List<Row> Measure(ServerUnderLoad server, int connections, IReadOnlyList<(Case Case, Operation Operation)> operations)
    {
        var rows = new List<Row>();
        if (operations.Count == 0)
        {
            return rows;
        }

        using var loader = new Loader(server.Address, connections);
        using var comparison = new Loader(yardstick.Address, connections);
        comparison.Run(Yardstick.Operation, options.WarmUp);
        foreach (var (measured, operation) in operations)
        {
            loader.Run(operation, options.WarmUp);
            var row = new Row(measured, connections, new Measurement(), new Measurement());
            for (var part = 0; part < options.Parts; part++)
            {
                var begun = server.ProcessorTime;
                loader.Run(operation, options.PartTime, row.Measured);
                row.Measured.ProcessorTime += server.ProcessorTime - begun;
                comparison.Run(Yardstick.Operation, options.PartTime / 2, row.Yardstick);
            }

            rows.Add(row);
            Say(string.Create(CultureInfo.InvariantCulture, $"{measured.Name} with {connections}: {row.Measured.Rate:N0}/s, {row.Share:P1} of {row.Yardstick.Rate:N0}{(row.Measured.FirstError is { } error ? $", {row.Measured.Errors} errors: {error}" : "")}"));
        }

        return rows;
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
