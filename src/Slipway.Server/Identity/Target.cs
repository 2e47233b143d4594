using Slipway.Server.Artifacts;
using Slipway.Server.Content;
using Slipway.Server.Datasets;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>The thing that a request is about, and the objects whose rights decide about it.</summary>
/// <remarks>Runs, logged models and artifacts take their rights from experiments; versions, tags and aliases from registered models or datasets.</remarks>
internal abstract record Target
{
    /// <summary>Nothing in particular.</summary>
    public static readonly Target Server = new OfServer();

    public static Target Experiment(long id) => new OfExperiments([id]);

    public static Target Experiments(IReadOnlyList<long> ids) => new OfExperiments(ids);

    public static Target ExperimentNamed(string name) => new OfExperimentName(name);

    public static Target Run(string runId) => new OfRuns([runId]);

    public static Target Runs(IReadOnlyList<string> runIds) => new OfRuns(runIds);

    public static Target LoggedModel(string modelId) => new OfLoggedModel(modelId);

    public static Target Model(string name) => new OfModel(name);

    /// <summary>While there is no dataset of this name, nobody's rights stand in the way of making it.</summary>
    public static Target Dataset(string name) => new OfDataset(name);

    public static Target Artifact(ArtifactPath path) => new OfArtifact(path);

    /// <summary>The model that a promotion is about.</summary>
    public static Target Promotion(long id) => new OfPromotion(id);

    /// <summary>The model of this name; for a pattern no model decides, so it takes an admin to write.</summary>
    public static Target ModelsLike(string pattern) => pattern.Contains('*', StringComparison.Ordinal) ? new OfNobody() : new OfModel(pattern);

    /// <summary>The models that a freeze is about.</summary>
    public static Target Freeze(long id) => new OfFreeze(id);

    /// <summary>What an upload is for.</summary>
    public static Target Upload(string id) => new OfUpload(id);

    /// <summary>Several things at once: the caller needs the permission on each.</summary>
    public static Target Both(Target one, Target other) => new OfBoth(one, other);

    /// <summary>The objects that decide; none when there is no such thing, which whoever reads it will say.</summary>
    public abstract Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken);

    private sealed record OfServer : Target
    {
        public override Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Securable>>([]);
    }

    private sealed record OfExperiments(IReadOnlyList<long> Ids) : Target
    {
        public override Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Securable>>([.. Ids.Select(Securable.Experiment)]);
    }

    private sealed record OfExperimentName(string Name) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await Tracking.Experiments.FindByNameAsync(reader, Name, cancellationToken) is { } experiment ? [Securable.Experiment(experiment.Id)] : [];
    }

    private sealed record OfRuns(IReadOnlyList<string> RunIds) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            [.. (await Tracking.Runs.ExperimentsOfAsync(reader, RunIds, cancellationToken)).Select(Securable.Experiment)];
    }

    private sealed record OfLoggedModel(string ModelId) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await LoggedModels.FindAsync(reader, ModelId, cancellationToken) is { } model ? [Securable.Experiment(model.Experiment)] : [];
    }

    private sealed record OfModel(string Name) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await RegisteredModels.FindAsync(reader, Name, cancellationToken) is { } model ? [Securable.Model(model.Id)] : [];
    }

    private sealed record OfDataset(string Name) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await KnownDatasets.FindAsync(reader, Name, cancellationToken) is { } dataset ? [Securable.Dataset(dataset.Id)] : [];
    }

    private sealed record OfPromotion(long Id) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await Promotions.FindAsync(reader, Id, cancellationToken) is { } promotion ? [Securable.Model(promotion.Model)] : [];
    }

    private sealed record OfFreeze(long Id) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await Freezes.FindAsync(reader, Id, cancellationToken) is { } freeze ? await ModelsLike(freeze.Pattern).FindAsync(reader, cancellationToken) : [];
    }

    private sealed record OfNobody : Target
    {
        public override Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Securable>>([Securable.Nobodys]);
    }

    // A place that no experiment owns is nobody's: only the default permission lets read there, and only admins write.
    private sealed record OfArtifact(ArtifactPath Path) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await ArtifactRoots.OwnersAsync(reader, Path, cancellationToken) is { Count: > 0 } owners ? [.. owners.Select(Securable.Experiment)] : [Securable.Nobodys];
    }

    private sealed record OfUpload(string Id) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            await ContentUploads.FindPlaceAsync(reader, Id, cancellationToken) is { } place ? await place.Target.FindAsync(reader, cancellationToken) : [];
    }

    private sealed record OfBoth(Target One, Target Other) : Target
    {
        public override async Task<IReadOnlyList<Securable>> FindAsync(Reader reader, CancellationToken cancellationToken) =>
            [.. await One.FindAsync(reader, cancellationToken), .. await Other.FindAsync(reader, cancellationToken)];
    }
}
