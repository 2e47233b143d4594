using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Slipway.Server.Tests.Identity;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What holds whatever many people do to one model at once, while the server is killed again and again.</summary>
/// <remarks>SLIPWAY_TEST_OPERATIONS says how many operations; the full form is 10000.</remarks>
public abstract class CrowdedYardContract(Func<Task<Fresh>> freshDatabase, int operations)
{
    private const int People = 16;
    private const int Versions = 6;
    private const int Kills = 4;

    private const string Pipeline = """
        pipeline: iris
        models: iris
        stages:
          - name: Staging
            archive_existing: false
            limit: {versions: 2, oldest: archive}
            gates:
              metrics: {accuracy: {min: 0.5}}
          - name: Production
            alias: champion
            archive_existing: false
            limit: {versions: 1, oldest: archive}
            gates:
              metrics: {accuracy: {min: 0.6}}
              approvals: {count: 1, group: leads}
        """;

    [Promise]
    public async Task There_is_one_legal_history_and_nothing_in_a_stage_that_its_gates_did_not_allow()
    {
        await using var fresh = await freshDatabase();
        var total = int.TryParse(Environment.GetEnvironmentVariable("SLIPWAY_TEST_OPERATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : operations;
        var crowd = new Crowded(new Random(total));
        for (var round = 0; round <= Kills; round++)
        {
            await using var process = await SlipwayProcess.StartAsync(fresh);
            using var nobody = new WireClient(process.Address);
            await crowd.EnterAsync(nobody);
            if (round == Kills)
            {
                await crowd.WorkAsync(total - crowd.Done);
                Assert.Equal(0, await process.StopAsync());
                break;
            }

            var work = crowd.WorkAsync(int.MaxValue);
            await crowd.ReachAsync(total / (Kills + 1));
            await process.KillAsync();
            await work;
        }

        await using var database = await Database.OpenAsync(new DatabaseLocation(fresh.Folder, fresh.Database), TimeProvider.System, CancellationToken.None);
        var history = await History.ReadAsync(database);
        history.Check(new Dictionary<string, int> { ["Staging"] = 2, ["Production"] = 1 }, new Dictionary<string, double> { ["Staging"] = 0.5, ["Production"] = 0.6 });
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => history.Check(new Dictionary<string, int> { ["Staging"] = 1, ["Production"] = 1 }, new Dictionary<string, double> { ["Staging"] = 0.5, ["Production"] = 0.6 }));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => history.Check(new Dictionary<string, int> { ["Staging"] = 2, ["Production"] = 1 }, new Dictionary<string, double> { ["Staging"] = 0.5, ["Production"] = 0.8 }));
        Assert.True(crowd.Done >= total, $"Only {crowd.Done} of {total} operations were answered.");
        Assert.All(new[] { "promotion.complete", "promotion.approve", "promotion.reject", "version.rollback", "version.transition" }, action => Assert.Contains(action, history.DoneActions));
    }

    /// <summary>Sixteen people, half of them leads, who do whatever comes to their minds.</summary>
    private sealed class Crowded(Random random)
    {
        private readonly ConcurrentQueue<long> _promotions = new();
        private readonly List<string> _tokens = [];
        private readonly List<string> _runs = [];
        private List<WireClient> _people = [];
        private int _done;
        private int _target;
        private TaskCompletionSource _reached = new();

        public int Done => _done;

        /// <summary>Makes the people, the model and its versions, or finds them again.</summary>
        public async Task EnterAsync(WireClient nobody)
        {
            if (_tokens.Count == 0)
            {
                await BuildAsync(await Yard.OpenAsync(nobody, Pipeline));
            }

            _people = [.. _tokens.Select(token => Crowd.Anew(nobody).Bearing(token))];
        }

        /// <summary>So many operations, by all people at once, or until the server is gone.</summary>
        public async Task WorkAsync(int count)
        {
            var left = count;
            await Task.WhenAll(_people.Select((person, index) => (Person: person, Seed: random.Next())).ToList().Select(worker => Task.Run(async () =>
            {
                var mind = new Random(worker.Seed);
                try
                {
                    while (Interlocked.Decrement(ref left) >= 0)
                    {
                        Judge(await ActAsync(worker.Person, mind));
                    }
                }
                catch (HttpRequestException)
                {
                    // The server is gone.
                }
            })));
            _reached.TrySetResult();
        }

        public Task ReachAsync(int more)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _target, Volatile.Read(ref _done) + more);
            return _reached.Task.WaitAsync(TimeSpan.FromMinutes(5));
        }

        private async Task BuildAsync(Yard yard)
        {
            for (var i = 0; i < Versions; i++)
            {
                _runs.Add((await yard.BuildAsync(0.45 + (0.1 * i))).Run);
            }

            for (var i = 0; i < People; i++)
            {
                var name = $"person{i}";
                var person = await yard.Root.AddAsync(name);
                await yard.GrantAsync(name, "promote");
                await yard.GrantAsync(name, "EDIT");
                (await yard.Root.PostAsync($"{Crowd.Native}experiments/1/permissions", new { user = name, permission = "EDIT" })).Ok();
                if (i % 2 == 0)
                {
                    (await yard.Root.PostAsync(Crowd.Native + "groups/leads/members", new { user = name })).Ok();
                }

                _tokens.Add(await person.TokenAsync(name));
            }
        }

        private void Judge(WireReply reply)
        {
            // Whatever is asked, it is done, refused, or comes too late; it never fails.
            Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Forbidden or HttpStatusCode.Conflict, $"{(int)reply.Status} {reply.Text}");
            if (Interlocked.Increment(ref _done) >= Volatile.Read(ref _target))
            {
                _reached.TrySetResult();
            }
        }

        private async Task<WireReply> ActAsync(WireClient who, Random mind)
        {
            var version = $"models/iris/versions/{mind.Next(1, Versions + 1)}";
            var known = _promotions.ToArray();
            var promotion = known.Length == 0 ? 0 : known[^mind.Next(1, Math.Min(known.Length, 8) + 1)];
            switch (mind.Next(10))
            {
                case 0 or 1 or 2:
                    var reply = await who.PostAsync($"{Crowd.Native}{version}/promotions", new { to = mind.Next(3) == 0 ? "Staging" : "Production", hold = mind.Next(4) == 0 });
                    if (reply.Status == HttpStatusCode.OK)
                    {
                        _promotions.Enqueue(reply.Body!["id"]!.GetValue<long>());
                    }

                    return reply;
                case 3 or 4 or 5 when promotion > 0:
                    return await Yard.ReviewAsync(who, promotion);
                case 6 when promotion > 0:
                    return await Yard.ReviewAsync(who, promotion, "rejected", "no");
                case 7:
                    return await Yard.RollBackAsync(who);
                case 8:
                    return await who.PostAsync("runs/log-metric", new { run_id = _runs[mind.Next(Versions)], key = "accuracy", value = 0.45 + (mind.Next(6) * 0.1), timestamp = DateTimeOffset.UnixEpoch.Ticks + Interlocked.Increment(ref _tick) });
                default:
                    return await who.PostAsync("model-versions/transition-stage", new { name = "iris", version = version[^1..], stage = Pick(mind, "Staging", "Production", "Archived", "None"), archive_existing_versions = false });
            }
        }

        private static string Pick(Random mind, params string[] words) => words[mind.Next(words.Length)];

        private static long _tick;
    }
}

public sealed class CrowdedYardOnSqlite() : CrowdedYardContract(Fresh.SqliteAsync, operations: 2000);

[Needs("postgres")]
public sealed class CrowdedYardOnPostgres() : CrowdedYardContract(Fresh.PostgresAsync, operations: 1000);
