using System.Collections.Concurrent;
using System.Net;
using Slipway.Store;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Faults;

/// <summary>What a server promises that may be killed at any moment, whatever the database.</summary>
public abstract class KillContract(Func<Task<Fresh>> freshDatabase, int kills)
{
    [Promise]
    public async Task However_often_it_is_killed_under_load_what_it_acknowledged_is_there_and_no_half_batch()
    {
        await using var fresh = await freshDatabase();
        var random = new Random(kills);
        var last = new Load();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var process = await SlipwayProcess.StartAsync(fresh);
            using var client = new WireClient(process.Address);
            await last.CheckAsync(client);
            last = await Load.BeginAsync(client, $"round-{kill}");

            await last.ReachAsync(random.Next(5, 60));
            await process.KillAsync();
            await last.EndAsync();
        }

        await using (var process = await SlipwayProcess.StartAsync(fresh))
        {
            using var client = new WireClient(process.Address);
            await last.CheckAsync(client);
            Assert.Equal(0, await process.StopAsync());
        }

        await using var database = await Database.OpenAsync(new DatabaseLocation(fresh.Folder, fresh.Database), TimeProvider.System, CancellationToken.None);
        var finding = await AuditVerification.VerifyAsync(database, CancellationToken.None);
        Assert.Null(finding.Problem);
        Assert.True(finding.Entries > kills);
    }

    /// <summary>Writers of every kind on one model and one run, and what was acknowledged to them.</summary>
    private sealed class Load
    {
        private const int Items = 3;
        private readonly ConcurrentBag<int> _batches = [];
        private readonly ConcurrentBag<string> _runs = [];
        private readonly ConcurrentBag<string> _tags = [];
        private readonly ConcurrentBag<string> _versions = [];
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task _writers = Task.CompletedTask;
        private int _acknowledged;
        private int _target = int.MaxValue;

        private string Model { get; init; } = "";

        private string Run { get; init; } = "";

        public static async Task<Load> BeginAsync(WireClient client, string name)
        {
            (await client.PostAsync("registered-models/create", new { name })).Ok();
            var run = (await client.PostAsync("runs/create", new { experiment_id = "0" })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
            var load = new Load { Model = name, Run = run };
            Func<int, Task>[] writers =
            [
                number => load.LogBatchAsync(client, 2 * number),
                number => load.LogBatchAsync(client, (2 * number) + 1),
                _ => load.CreateRunAsync(client),
                number => load.SetTagAsync(client, $"tag {number}"),
                _ => load.CreateVersionAsync(client),
            ];
            load._writers = Task.WhenAll(writers.Select(write => Task.Run(() => load.WriteUntilKilledAsync(write))));
            return load;
        }

        /// <summary>Waits until so many writes are acknowledged.</summary>
        public Task ReachAsync(int acknowledged)
        {
            Volatile.Write(ref _target, acknowledged);
            Count(0);
            return _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        public Task EndAsync() => _writers.WaitAsync(TimeSpan.FromSeconds(30));

        /// <summary>Looks whether all that was acknowledged is there, and nothing by halves.</summary>
        public async Task CheckAsync(WireClient client)
        {
            if (Model.Length == 0)
            {
                return;
            }

            await CheckBatchesAsync(client);
            foreach (var run in _runs)
            {
                Assert.Equal("b", (await client.GetAsync("runs/get", ("run_id", run))).Ok()["run"]!["data"]!["tags"]!.AsArray().Single(tag => tag!["key"]!.GetValue<string>() == "a")!["value"]!.GetValue<string>());
            }

            var model = (await client.GetAsync("registered-models/get", ("name", Model))).Ok()["registered_model"]!;
            Assert.Empty(_tags.Except((model["tags"]?.AsArray() ?? []).Select(tag => tag!["key"]!.GetValue<string>())));
            var versions = (await client.GetAsync("model-versions/search", ("filter", $"name = '{Model}'"))).Ok()["model_versions"]?.AsArray() ?? [];
            Assert.Empty(_versions.Except(versions.Select(version => version!["version"]!.GetValue<string>())));
            Assert.Equal(versions.Count, versions.Select(version => version!["version"]!.GetValue<string>()).Distinct().Count());
        }

        private async Task CheckBatchesAsync(WireClient client)
        {
            var data = (await client.GetAsync("runs/get", ("run_id", Run))).Ok()["run"]!["data"]!;
            var items = new[] { "metrics", "params", "tags" }
                .SelectMany(list => (data[list]?.AsArray() ?? []).Select(item => item!["key"]!.GetValue<string>()))
                .Where(key => key.StartsWith("batch", StringComparison.Ordinal))
                .GroupBy(key => key.Split('/')[0])
                .ToDictionary(batch => batch.Key, batch => batch.Count());
            Assert.All(items.Values, count => Assert.Equal(3 * Items, count));
            Assert.Empty(_batches.Select(number => $"batch {number}").Except(items.Keys));
        }

        private async Task WriteUntilKilledAsync(Func<int, Task> write)
        {
            try
            {
                for (var number = 0; ; number++)
                {
                    await write(number);
                    Count(1);
                }
            }
            catch (HttpRequestException)
            {
                // It is gone.
            }
        }

        private void Count(int more)
        {
            if (Interlocked.Add(ref _acknowledged, more) >= Volatile.Read(ref _target))
            {
                _reached.TrySetResult();
            }
        }

        private async Task LogBatchAsync(WireClient client, int number)
        {
            var keys = Enumerable.Range(0, Items).Select(item => $"batch {number}/{item}").ToList();
            await PostAsync(client, "runs/log-batch", new
            {
                run_id = Run,
                metrics = keys.Select(key => new { key, value = 0.5, timestamp = 1 }),
                @params = keys.Select(key => new { key, value = "v" }),
                tags = keys.Select(key => new { key, value = "v" }),
            });
            _batches.Add(number);
        }

        private async Task CreateRunAsync(WireClient client) =>
            _runs.Add((await PostAsync(client, "runs/create", new { experiment_id = "0", tags = new[] { new { key = "a", value = "b" } } })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>());

        private async Task SetTagAsync(WireClient client, string key)
        {
            await PostAsync(client, "registered-models/set-tag", new { name = Model, key, value = "v" });
            _tags.Add(key);
        }

        private async Task CreateVersionAsync(WireClient client) =>
            _versions.Add((await PostAsync(client, "model-versions/create", new { name = Model, source = "s3://bucket/model" })).Ok()["model_version"]!["version"]!.GetValue<string>());

        private static async Task<WireReply> PostAsync(WireClient client, string path, object body)
        {
            var reply = await client.PostAsync(path, body);
            Assert.Equal(HttpStatusCode.OK, reply.Status);
            return reply;
        }
    }
}

public sealed class KillOnSqlite() : KillContract(Fresh.SqliteAsync, kills: 20);

[Needs("postgres")]
public sealed class KillOnPostgres() : KillContract(Fresh.PostgresAsync, kills: 4);
