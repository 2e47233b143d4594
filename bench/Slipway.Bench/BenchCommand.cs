using System.CommandLine;
using Slipway.Bench.Content;
using Slipway.Bench.Report;
using Slipway.Bench.Serving;

namespace Slipway.Bench;

/// <summary>The command line: figures go to stdout, talk to stderr.</summary>
internal static class BenchCommand
{
    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Only the cases whose names begin so; may be given several times.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<double> Seconds = new("--seconds") { Description = "How long each measure takes.", DefaultValueFactory = _ => 5 };

    private static readonly Option<string> Database = new("--database") { Description = "On which database.", DefaultValueFactory = _ => "both" };

    private static readonly Option<int[]> Connections = new("--connections")
    {
        Description = "With how many connections, each in its turn.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 16, 64],
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Writes JSON in place of Markdown." };

    public static RootCommand Create()
    {
        Database.AcceptOnlyFromAmong("sqlite", "postgres", "both");
        var command = new RootCommand("Starts the built server on an empty folder and measures it over loopback, beside an endpoint that does nothing.") { Only, Seconds, Database, Connections, Json };
        command.SetAction((parsed, _) => RunAsync(parsed));
        command.Subcommands.Add(CreateContent());
        command.Subcommands.Add(CreateServing());
        return command;
    }

    private static Command CreateContent()
    {
        var full = new Option<bool>("--full") { Description = "The sizes that the goals are about: 20 versions of 200 MB and of 100 MB, 1 GiB both ways. It takes minutes." };
        var only = new Option<string[]>("--only") { Description = "Only those measurements whose names contain one of these.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("content", $"Measures what stored artifacts take on disk, and how fast they come and go: {string.Join(", ", ContentBench.Names)}.") { full, only };
        command.SetAction(async (parsed, _) =>
        {
            var options = (parsed.GetValue(full) ? ContentBenchOptions.Full : ContentBenchOptions.Small) with { Only = parsed.GetValue(only) ?? [] };
            await Console.Out.WriteLineAsync(await ContentBench.RunAsync(options));
            return 0;
        });
        return command;
    }

    private static Command CreateServing()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each of the two is measured.", DefaultValueFactory = _ => 5 };
        var connections = new Option<int[]>("--connections") { Description = "With how many connections, each in its turn.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 64] };
        var command = new Command("serving", "Measures a worker with a small ONNX model beside a server that always answers the same.") { seconds, connections };
        command.SetAction(async (parsed, _) =>
        {
            await Console.Out.WriteLineAsync(await ServingBench.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(connections)!));
            return 0;
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var figures = await BenchRun.RunAsync(new BenchOptions(
            parsed.GetRequiredValue(Only),
            parsed.GetRequiredValue(Database) switch
            {
                "sqlite" => [DatabaseKind.Sqlite],
                "postgres" => [DatabaseKind.Postgres],
                _ => [DatabaseKind.Sqlite, DatabaseKind.Postgres],
            },
            parsed.GetRequiredValue(Connections),
            TimeSpan.FromSeconds(parsed.GetRequiredValue(Seconds))));
        await Console.Out.WriteLineAsync(parsed.GetValue(Json) ? JsonReport.Write(figures) : MarkdownReport.Write(figures));
        return figures.Databases.Any(database => database.Rows.Any(row => row.Measured.Errors > 0)) ? 1 : 0;
    }
}
