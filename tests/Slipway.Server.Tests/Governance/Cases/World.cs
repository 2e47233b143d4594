using Slipway.Store;

namespace Slipway.Server.Tests.Governance.Cases;

/// <summary>Models with versions and evidence at random, the same for the same seed.</summary>
internal sealed class World
{
    public const long Now = 1_000_000_000;

    public static readonly string[] Stages = ["Staging", "Production", "Shadow"];
    public static readonly string[] Metrics = ["accuracy", "loss", "f1"];
    public static readonly string[] Tags = ["team", "status", "version"];
    public static readonly string[] Tests = ["unit", "load"];

    private static readonly double[] Numbers = [double.NaN, -1, 0, 0.5, 0.5000001, 0.75, 1];
    private static readonly string[] Values = ["", "passed", "1.0.0", "1.2.0", "1.10.0", "2.0", "01.0.0"];
    private static readonly string[] Outcomes = ["passed", "passed", "failed", "error"];

    private readonly Random _random;
    private long _sequence;

    public World(int seed, int models)
    {
        _random = new Random(seed);
        for (var model = 1; model <= models; model++)
        {
            var count = _random.Next(1, 8);
            for (var number = 1; number <= count; number++)
            {
                Versions.Add(Make(model, number));
            }
        }
    }

    public List<CaseVersion> Versions { get; } = [];

    public T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>Whether it happens, which it does once in so many times.</summary>
    public bool Once(int times) => _random.Next(times) == 0;

    public int Next(int limit) => _random.Next(limit);

    /// <summary>Puts all of it into a database.</summary>
    public async Task FillAsync(Writer writer, CancellationToken cancellationToken)
    {
        foreach (var model in Versions.GroupBy(version => version.Model))
        {
            var name = "model" + model.Key;
            await writer.ExecuteAsync($"insert into registered_models (id, name, created_at, updated_at, last_version) values ({model.Key}, {name}, 0, 0, {model.Count()})", cancellationToken);
        }

        foreach (var version in Versions)
        {
            await FillAsync(writer, version, cancellationToken);
        }
    }

    private static async Task FillAsync(Writer writer, CaseVersion version, CancellationToken cancellationToken)
    {
        var id = version.Id;
        await writer.ExecuteAsync($"""
            insert into model_versions (id, model, version, stage, source, run_id, run_link, manifest_digest, created_at, updated_at)
            values ({id}, {version.Model}, {version.Number}, {version.Stage}, {version.Source}, {version.NamedRun}, '', {version.Manifest}, 0, 0)
            """, cancellationToken);
        if (version.RunExists)
        {
            await writer.ExecuteAsync($"""
                insert into runs (id, run_id, experiment, name, user_id, status, start_time, artifact_uri, deleted_at)
                values ({id}, {version.RunId}, 0, '', '', 'FINISHED', 0, {version.RunFolder}, {(version.RunDeleted ? 1L : null)})
                """, cancellationToken);
        }

        if (version.LoggedBy is { } maker)
        {
            await writer.ExecuteAsync($"""
                insert into logged_models (id, model_id, experiment, name, model_type, source_run_id, artifact_uri, status, created_at, updated_at)
                values ({id}, {version.LoggedModelId}, 0, '', '', {maker}, {version.LoggedModelFolder}, 2, 0, 0)
                """, cancellationToken);
        }

        foreach (var (key, value) in version.Metrics)
        {
            await writer.ExecuteAsync($"""
                insert into latest_metrics (run, key, value, is_nan, timestamp, step)
                values ({id}, {key}, {(double.IsNaN(value) ? 0 : value)}, {(double.IsNaN(value) ? 1L : 0L)}, 0, 0)
                """, cancellationToken);
        }

        foreach (var (key, value) in version.Tags)
        {
            await writer.ExecuteAsync($"insert into model_version_tags (version, key, value) values ({id}, {key}, {value})", cancellationToken);
        }

        foreach (var (order, name, outcome) in version.Tests)
        {
            await writer.ExecuteAsync($"insert into test_results (id, version, name, outcome, actor, at, seq) values ({order}, {id}, {name}, {outcome}, 'x', 0, 0)", cancellationToken);
        }

        foreach (var (order, at, from, to) in version.Moves)
        {
            await writer.ExecuteAsync($"insert into transitions (version, seq, at, from_stage, to_stage) values ({id}, {order}, {at}, {from}, {to})", cancellationToken);
        }

        if (version.IsRevoked)
        {
            await writer.ExecuteAsync($"insert into revocations (version, reason, actor, at, seq) values ({id}, 'r', 'x', 0, 0)", cancellationToken);
        }
    }

    private CaseVersion Make(int model, int number)
    {
        var id = Versions.Count + 1;
        var version = new CaseVersion
        {
            Id = id,
            Model = model,
            Number = number,
            RunExists = !Once(10),
            RunDeleted = Once(12),
            NamesRun = !Once(12),
            Place = _random.Next(5),
            LoggedBy = null,
            Manifest = Once(8) ? null : $"digest{id}",
            IsRevoked = Once(25),
            Observed = _random.Next(20),
        };
        version.LoggedBy = version.Place is 2 ? version.RunId : version.Place is 3 ? "somebody" : null;
        foreach (var key in Metrics.Where(_ => !Once(5)))
        {
            version.Metrics[key] = Any(Numbers);
        }

        foreach (var key in Tags.Where(_ => !Once(4)))
        {
            version.Tags[key] = Any(Values);
        }

        for (var i = _random.Next(5); i > 0; i--)
        {
            version.Tests.Add((++_sequence, Any(Tests), Any(Outcomes)));
        }

        Move(version);
        return version;
    }

    private void Move(CaseVersion version)
    {
        var at = Now - 500_000_000;
        for (var i = _random.Next(5); i > 0; i--)
        {
            at += _random.Next(200_000_000);
            var to = Any([.. Stages, "Archived", "None"]);
            if (to != version.Stage)
            {
                version.Moves.Add((++_sequence, Math.Min(at, Now), version.Stage!, to));
                version.Stage = to;
            }
        }

        if (Once(15))
        {
            version.Stage = null;
        }
    }
}

/// <summary>A version and everything that is true of it.</summary>
internal sealed class CaseVersion
{
    public required long Id { get; init; }

    public required long Model { get; init; }

    public required long Number { get; init; }

    /// <summary>Null once it was deleted.</summary>
    public string? Stage { get; set; } = "None";

    public required bool RunExists { get; init; }

    public required bool RunDeleted { get; init; }

    public required bool NamesRun { get; init; }

    /// <summary>Where the files are: 0 and 1 in the run's folder, 2 in that of its logged model, 3 in that of another run's, 4 elsewhere.</summary>
    public required int Place { get; init; }

    public required string? LoggedBy { get; set; }

    public required string? Manifest { get; init; }

    public required bool IsRevoked { get; init; }

    /// <summary>What was found of the files: 0 nothing was looked at, 1 gone, 2 altered, else as they were.</summary>
    public required int Observed { get; init; }

    public Dictionary<string, double> Metrics { get; } = [];

    public Dictionary<string, string> Tags { get; } = [];

    public List<(long Order, string Name, string Outcome)> Tests { get; } = [];

    public List<(long Order, long At, string From, string To)> Moves { get; } = [];

    public string RunId => $"run{Id}";

    public string NamedRun => NamesRun ? RunId : "";

    public string RunFolder => $"mlflow-artifacts:/0/{RunId}/artifacts";

    public string LoggedModelId => $"m-{Id}";

    public string LoggedModelFolder => $"mlflow-artifacts:/0/models/m-{Id}/artifacts";

    public string Source => Place switch
    {
        0 => $"{RunFolder}/model",
        1 => RunFolder,
        2 or 3 => LoggedModelFolder,
        _ => $"mlflow-artifacts:/0/{RunId}x/artifacts/model",
    };
}
