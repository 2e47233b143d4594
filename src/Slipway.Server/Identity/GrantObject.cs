using Slipway.Server.Datasets;
using Slipway.Server.Registry;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>An object that permissions are granted on, as a request names it.</summary>
internal abstract record GrantObject
{
    public abstract string Resource { get; }

    /// <summary>What judges who may grant.</summary>
    public abstract Target Target { get; }

    public static GrantObject Experiment(long id) => new OfExperiment(id);

    public static GrantObject Model(string name) => new OfModel(name);

    public static GrantObject Dataset(string name) => new OfDataset(name);

    /// <exception cref="Fault">There is no such object.</exception>
    public abstract Task<Securable> GetAsync(Reader reader, CancellationToken cancellationToken);

    private sealed record OfExperiment(long Id) : GrantObject
    {
        public override string Resource => $"experiments/{Id}";

        public override Target Target => Target.Experiment(Id);

        public override async Task<Securable> GetAsync(Reader reader, CancellationToken cancellationToken) =>
            Securable.Experiment((await Experiments.GetAsync(reader, Id, cancellationToken)).Id);
    }

    private sealed record OfModel(string Name) : GrantObject
    {
        public override string Resource => $"models/{Name}";

        public override Target Target => Target.Model(Name);

        public override async Task<Securable> GetAsync(Reader reader, CancellationToken cancellationToken) =>
            Securable.Model((await RegisteredModels.GetAsync(reader, Name, cancellationToken)).Id);
    }

    private sealed record OfDataset(string Name) : GrantObject
    {
        public override string Resource => $"datasets/{Name}";

        public override Target Target => Target.Dataset(Name);

        public override async Task<Securable> GetAsync(Reader reader, CancellationToken cancellationToken) =>
            Securable.Dataset((await KnownDatasets.GetAsync(reader, Name, cancellationToken)).Id);
    }
}
