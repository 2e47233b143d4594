using System.Globalization;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Files;
using Slipway.Server.Registry;
using Slipway.Server.Tests.Governance.Cases;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>The gatekeeper agrees with a second evaluator, which is as plain as can be, on ten thousand random cases.</summary>
public abstract class GatekeeperCasesContract(Func<Task<Fresh>> freshDatabase) : GateContract(freshDatabase)
{
    private const int Seed = 20261125;
    private const int Count = 10_000;

    [Promise]
    public async Task Two_evaluators_agree_on_every_gate_and_on_who_leaves()
    {
        var (world, naive) = await FillAsync();
        var (met, unmet) = (new HashSet<string>(), new HashSet<string>());
        var (passed, leaving) = (0, 0);
        await Database.ReadAsync(async reader =>
        {
            for (var i = 0; i < Count; i++)
            {
                var version = world.Any(world.Versions.Where(version => version.Stage is not null).ToList());
                var rules = Rules.Random(world);
                var report = await CheckAsync(reader, version, rules);
                var expected = naive.Judge(version, rules, isLooked: true);

                Assert.True(expected.SequenceEqual(Sorted(report.Results.Select(result => (result.Gate, result.IsMet)))), $"Case {i}, version {version.Id}:\n{rules.ToFile("x")}\n{string.Join('\n', report.Results)}");
                Assert.Equal(naive.Leaving(version, rules), report.Leaving.Select(row => row.Version).Order());
                Assert.Equal(expected.Values.All(isMet => isMet), report.IsMet);
                met.UnionWith(expected.Where(verdict => verdict.Value).Select(verdict => verdict.Key));
                unmet.UnionWith(expected.Where(verdict => !verdict.Value).Select(verdict => verdict.Key));
                passed += report.IsMet ? 1 : 0;
                leaving += report.Leaving.Count;
            }

            return true;
        }, CancellationToken.None);

        // The cases reach both sides of every gate, or they would prove little.
        Assert.Equal(met.Order(), unmet.Order());
        Assert.InRange(passed, Count / 50, Count / 2);
        Assert.True(leaving > 1000, $"{leaving} left");
    }

    [Promise]
    public async Task So_they_do_over_HTTP()
    {
        var (world, naive) = await FillAsync();
        for (var i = 0; i < 60; i++)
        {
            var version = world.Any(world.Versions.Where(version => version.Stage is not null).ToList());
            var rules = Rules.Random(world);
            await ApplyAsync(rules.ToFile(Name(version)));

            var check = await CheckAsync(Name(version), Text(version.Number), rules.Stage);

            // There are no files, and the server's clock is years ahead.
            var expected = naive.Judge(version, rules, isLooked: false);
            if (rules.Hours is not null)
            {
                expected[$"time in {rules.Previous}"] = version.Stage == rules.Previous;
            }

            Assert.Equal(expected, Sorted(check["gates"]!.AsArray().Select(gate => (gate!["gate"]!.GetValue<string>(), IsMet(gate)))));
            Assert.Equal(naive.Leaving(version, rules), check["archives"]!.AsArray().Select(number => long.Parse(number!.GetValue<string>(), CultureInfo.InvariantCulture)).Order());
        }
    }

    private async Task<(World World, NaiveEvaluator Naive)> FillAsync()
    {
        var world = new World(Seed, models: 120);
        await using (var ingest = new Ingest(Database, TimeProvider.System))
        {
            await ingest.WriteAsync(async (writer, cancellationToken) =>
            {
                await world.FillAsync(writer, cancellationToken);
                return true;
            }, CancellationToken.None);
        }

        return (world, new NaiveEvaluator(world));
    }

    private static async Task<CheckReport> CheckAsync(Reader reader, CaseVersion version, Rules rules)
    {
        var pipeline = PipelineFile.Parse(rules.ToFile("model*"), 1);
        var row = await ModelVersions.LoadAsync(reader, await ModelVersions.GetAsync(reader, Name(version), version.Number, CancellationToken.None), CancellationToken.None);
        var observed = version.Observed switch
        {
            0 => null,
            1 => new ObservedFiles(version.Id, null),
            2 => new ObservedFiles(version.Id, "other"),
            _ => new ObservedFiles(version.Id, version.Manifest),
        };
        return await Gatekeeper.CheckAsync(reader, new StageEntry(pipeline, pipeline.FindStage(rules.Stage)!, row, World.Now) { Observed = observed }, CancellationToken.None);
    }

    private static string Name(CaseVersion version) => $"model{version.Model}";

    private static SortedDictionary<string, bool> Sorted(IEnumerable<(string Gate, bool IsMet)> verdicts) =>
        new(verdicts.ToDictionary(verdict => verdict.Gate, verdict => verdict.IsMet), StringComparer.Ordinal);
}

public sealed class GatekeeperCasesOnSqlite() : GatekeeperCasesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class GatekeeperCasesOnPostgres() : GatekeeperCasesContract(Fresh.PostgresAsync);
