using System.Globalization;
using System.Text;
using Slipway.Bench.Load;
using Slipway.Bench.Machine;
using Slipway.Testing;

namespace Slipway.Bench.Serving;

/// <summary>A worker with the iris model, asked for one row at a time, in turn with a server that always answers the same.</summary>
internal static class ServingBench
{
    private const int Parts = 5;
    private const double Goal = 0.5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Row = """{"dataframe_split": {"columns": ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"], "data": [[5.1, 3.5, 1.4, 0.2]]}}""";

    private static readonly Operation Invocation = new(Template.Post("/invocations", Row), (_, _) => { });

    private static readonly Operation Constant = new(Template.Post(Yardstick.ConstantPath, Row), (_, _) => { });

    /// <summary>Answers a table in Markdown.</summary>
    public static async Task<string> RunAsync(TimeSpan time, IReadOnlyList<int> connections)
    {
        await using var yardstick = await YardstickProcess.StartAsync();
        await using var worker = LeashedProcess.Start(new Leash(
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Join(AppContext.BaseDirectory, "slipway.dll"),
            "worker", "--model", Path.Join(AppContext.BaseDirectory, "Files", "iris"), "--listen", "http://127.0.0.1:0",
        ]));
        var address = SlipwayProcess.FindAddress(await worker.WaitForLineAsync(line => line.StartsWith("ready ", StringComparison.Ordinal), Patience))!;

        var table = new StringBuilder().AppendLine("| connections | ONNX worker, requests/s | p50 ms | p99 ms | a constant, requests/s | share | goal | met |").AppendLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (var count in connections)
        {
            table.AppendLine(Measure((address, yardstick.Address), count, time));
        }

        return table.ToString();
    }

    private static string Measure((Uri Worker, Uri Yardstick) addresses, int connections, TimeSpan time)
    {
        using var loader = new Loader(addresses.Worker, connections);
        using var comparison = new Loader(addresses.Yardstick, connections);
        loader.Run(Invocation, time);
        comparison.Run(Constant, time);
        var (measured, constant) = (new Measurement(), new Measurement());
        for (var part = 0; part < Parts; part++)
        {
            loader.Run(Invocation, time / Parts, measured);
            comparison.Run(Constant, time / Parts, constant);
        }

        if (measured.FirstError is { } error)
        {
            throw new InvalidOperationException($"The worker answered {error}");
        }

        var share = measured.Rate / constant.Rate;
        return string.Create(CultureInfo.InvariantCulture, $"| {connections} | {measured.Rate:N0} | {measured.Percentile(0.5).TotalMilliseconds:N2} | {measured.Percentile(0.99).TotalMilliseconds:N2} | {constant.Rate:N0} | {share:P0} | {Goal:P0} | {(share >= Goal ? "yes" : "no")} |");
    }
}
