using System.Collections.Frozen;
using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Gateway.Journals;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Workers;
using ServedModel = Slipway.Serving.Gateway.Records.ServedModel;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>All deployments and models of the table. Every change is made by one thread at a time; requests only see the routing.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly IWorkers _workers;
    private readonly TimeProvider _time;
    private readonly LookJournal _looks;
    private readonly DeploymentNumbers _numbers;
    private readonly GatewayLog _log;
    private readonly string _memoryPath;
    private readonly List<Task> _draining = [];
    private readonly Dictionary<string, ModelMemory> _remembered;
    private Dictionary<string, LiveDeployment> _live = [];
    private Dictionary<string, ModelRun> _models = [];
    private byte[] _saved = [];
    private volatile Routing _routing = Routing.Empty;

    public Fleet(GatewayOptions options, LookJournal looks, DeploymentNumbers numbers, GatewayLog log)
    {
        (_workers, _time, _looks, _numbers, _log) = (options.Workers, options.Time, looks, numbers, log);
        _memoryPath = Path.Join(options.Folder, "rollouts.json");
        _remembered = File.Exists(_memoryPath) ? GatewayJson.Read<Dictionary<string, ModelMemory>>(File.ReadAllBytes(_memoryPath)) : [];
    }

    public Routing Routing => _routing;

    public GatewayTable? Table { get; private set; }

    public IReadOnlyList<ModelState> States()
    {
        lock (_gate)
        {
            return [.. _models.Values.Select(model => model.ToState())];
        }
    }

    /// <summary>Replaces the table: starts what is new, keeps what stays, and drains what is gone.</summary>
    public void Apply(GatewayTable table)
    {
        lock (_gate)
        {
            Table = table;
            var before = _live;
            _live = table.Models.SelectMany(model => model.Deployments.Select(deployment => (model, deployment)))
                .ToDictionary(entry => entry.deployment.Id, entry => Keep(entry.deployment, entry.model, table));
            _models = table.Models.ToDictionary(model => model.Name, Run);
            Route();
            _draining.RemoveAll(task => task.IsCompleted);
            _draining.AddRange(before.Where(live => !_live.ContainsKey(live.Key)).Select(live => live.Value.DrainAsync(TimeSpan.FromSeconds(table.DrainSeconds))));
        }
    }

    public void Tick()
    {
        lock (_gate)
        {
            foreach (var model in _models.Values)
            {
                model.Tick();
            }

            Route();
        }
    }

    /// <summary>Moves all traffic of a model at once; says what is wrong with the order, or null.</summary>
    public string? RollBack(RollbackOrder order)
    {
        lock (_gate)
        {
            if (!_models.TryGetValue(order.Model, out var model))
            {
                return $"No model '{order.Model}' is served here.";
            }

            var wrong = model.RollBack(order);
            Route();
            return wrong;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_draining);
        await Task.WhenAll(_live.Values.Select(live => live.DisposeAsync().AsTask()));
    }

    private LiveDeployment Keep(Deployment deployment, ServedModel model, GatewayTable table)
    {
        var live = _live.GetValueOrDefault(deployment.Id) ?? new LiveDeployment(deployment, _numbers.NumberOf(deployment, model.Name), _workers);
        live.Pool.Deployment = deployment;
        live.Pool.Limits = (table.RequestsPerWorker, table.QueueLimit);
        return live;
    }

    private ModelRun Run(ServedModel model)
    {
        var run = _models.GetValueOrDefault(model.Name) ?? new ModelRun(model.Name, _looks, _time);
        run.Apply(model, _live, _remembered.GetValueOrDefault(model.Name));
        _remembered.Remove(model.Name);
        return run;
    }

    // Traffic first, then the record of it: a rollback waits for no disk.
    private void Route()
    {
        var routes = _models.ToDictionary(model => model.Key, model => model.Value.ToRoute());
        if (Table is { } table && IsNew(table, routes))
        {
            _routing = new Routing(table.Environment, TimeSpan.FromSeconds(table.TimeoutSeconds), table.Entry, routes.ToFrozenDictionary());
        }

        Save();
    }

    private bool IsNew(GatewayTable table, Dictionary<string, Route> routes) =>
        _routing.Environment is null || _routing.Models.Count != routes.Count || _routing.Entry != table.Entry || _routing.Timeout.TotalSeconds != table.TimeoutSeconds
        || routes.Any(route => !_routing.Models.TryGetValue(route.Key, out var now) || now != route.Value);

    private void Save()
    {
        var memory = _models.ToDictionary(model => model.Key, model => Lasting(model.Value.Memory));
        var json = GatewayJson.Write(memory);
        if (json.AsSpan().SequenceEqual(_saved))
        {
            return;
        }

        WholeFile.Write(_memoryPath, json);
        _saved = json;
        foreach (var (model, entry) in memory)
        {
            _log.Write($"{model}: {entry.Rollout?.Phase.ToString() ?? "no rollout"} {entry.Rollout?.Id} step {entry.Rollout?.Step} {entry.Rollout?.Reason} {(entry.Shift is { } shift ? $"shifted to {shift.Deployment} by {shift.By} {shift.Reason}" : "")}".TrimEnd());
        }
    }

    // What changes with each look would be written with each look.
    private static ModelMemory Lasting(ModelMemory memory) =>
        memory with { Rollout = memory.Rollout is null ? null : memory.Rollout with { Verdict = null, BaselineSamples = 0, CandidateSamples = 0 } };
}
