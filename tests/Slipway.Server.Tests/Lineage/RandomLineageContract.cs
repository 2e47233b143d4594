using System.Globalization;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Lineage;

/// <summary>Lineage against a search of its own over the links that a test has made.</summary>
public abstract class RandomLineageContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const int Nodes = 60;
    private const int Seeds = 3;

    private readonly List<string> _data = [];
    private readonly List<(string Id, string Resource)> _runs = [];
    private readonly List<(string Id, string Resource)> _models = [];
    private readonly List<string> _versions = [];
    private readonly HashSet<(string From, string To)> _links = [];

    [Promise]
    public async Task Both_directions_find_what_a_plain_search_finds()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            for (var i = 0; i < Nodes; i++)
            {
                await GrowAsync(random, string.Create(CultureInfo.InvariantCulture, $"{seed}-{i}"));
            }

            foreach (var resource in _data.Concat(_runs.Concat(_models).Select(made => made.Resource)).Concat(_versions).OrderBy(_ => random.Next()).Take(25))
            {
                Assert.Equal(Reach(resource, link => link.From, link => link.To), await Client.LineageAsync(resource, "down"));
                Assert.Equal(Reach(resource, link => link.To, link => link.From), await Client.LineageAsync(resource, "up"));
            }
        }
    }

    private async Task GrowAsync(Random random, string name)
    {
        switch (random.Next(6))
        {
            case 0:
                await Client.DataAsync($"d{name}@1.0.0", $"id\n{name}\n");
                _data.Add($"datasets/d{name}@1.0.0");
                break;
            case 1 or 2 or _ when _runs.Count == 0:
                var run = await Client.RunAsync();
                _runs.Add((run, $"runs/{run}"));
                break;
            case 3 when _data.Count > 0:
                await UseAsync(random, random.Next(_data.Count), random.Next(_runs.Count));
                break;
            case 4:
                await LogModelAsync(random, name);
                break;
            default:
                var of = _runs[random.Next(_runs.Count)];
                _versions.Add(await Client.RegisterAsync($"v{name}", of.Id, $"s3://bucket/{name}"));
                _links.Add((of.Resource, _versions[^1]));
                break;
        }
    }

    private async Task UseAsync(Random random, int data, int run)
    {
        var (id, resource) = _runs[run];
        var reference = _data[data]["datasets/".Length..];
        if (random.Next(2) == 0)
        {
            await Client.UseAsync(id, reference);
        }
        else
        {
            await Client.InputAsync(id, reference, "12345678");
        }

        _links.Add((_data[data], resource));
    }

    private async Task LogModelAsync(Random random, string name)
    {
        var (maker, user) = (_runs[random.Next(_runs.Count)], _runs[random.Next(_runs.Count)]);
        var id = (await Client.PostAsync("logged-models", new { experiment_id = "0", name = $"m{name}", source_run_id = maker.Id })).Ok()["model"]!["info"]!["model_id"]!.GetValue<string>();
        (await Client.PostAsync("runs/log-inputs", new { run_id = user.Id, models = new[] { new { model_id = id } } })).Ok();
        _models.Add((id, $"logged-models/{id}"));
        _links.Add((maker.Resource, _models[^1].Resource));
        _links.Add((_models[^1].Resource, user.Resource));
    }

    private List<string> Reach(string start, Func<(string From, string To), string> near, Func<(string From, string To), string> far)
    {
        var reached = new HashSet<string> { start };
        while (_links.Where(link => reached.Contains(near(link)) && !reached.Contains(far(link))).Select(far).ToList() is { Count: > 0 } next)
        {
            reached.UnionWith(next);
        }

        return [.. reached.Where(node => node != start).Order(StringComparer.Ordinal)];
    }
}

public sealed class RandomLineageOnSqlite() : RandomLineageContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class RandomLineageOnPostgres() : RandomLineageContract(Fresh.PostgresAsync);
