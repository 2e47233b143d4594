using Microsoft.Extensions.Logging;
using Slipway.Server.Artifacts;
using Slipway.Server.Auditing;
using Slipway.Server.Content;
using Slipway.Server.Datasets;
using Slipway.Server.Delivery;
using Slipway.Server.Delivery.Testing;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Guarding;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Identity;
using Slipway.Server.Lineage;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;

namespace Slipway.Server;

/// <summary>What every feature leans on.</summary>
internal sealed class Spine : IAsyncDisposable
{
    private readonly ArtifactRoot _root;
    private readonly Trash _trash;
    private readonly OutboxTrimmer _trimmer;
    private readonly PromotionRunner _promotions;
    private readonly OldLayout _oldLayout;

    private Spine(ContentStore contents, ArtifactRoot root, ServerOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        (Database, Ingest, Contents, Rights, Time, _root) = (contents.Database, contents.Ingest, contents, new Rights(options.DefaultLevel), time, root);
        Places = new ArtifactPlaces(options.ArtifactPlace, options.ArtifactFolderList);
        Changes = new Changes(Database, [new RightsRule(Rights), new IdempotencyRule(), new GovernanceRule(Rights, Places), new DeliveryRule(Rights)], time);
        _trimmer = new OutboxTrimmer(Ingest, time);
        _trash = new Trash(root, Database, Changes, loggers.CreateLogger<Trash>());
        Artifacts = new ArtifactStore(root, _trash, Contents, new FileWatch(FileGuard.RefuseAsync, (path, token) => DatasetManifest.NoteAsync(this, path, token), FileGuard.ExpectAsync))
        {
            Bucket = options.ArtifactPlace is { } place ? new BucketFiles(place, new KnownDigests(Database, Ingest), time) : null,
        };
        Manifests = new BucketManifests(this, loggers.CreateLogger<BucketManifests>());
        Uploads = new NegotiatedUploads(Contents);
        Collector = new Collector(Contents, PrepareSweepAsync, loggers.CreateLogger<Collector>());
        _oldLayout = new OldLayout(root, Contents, Database, Ingest);
        Uploaders = new Uploaders(Database, options.IsAuthenticationRequired);
        Tester = new ModelTester(this, options.Data, options.Python);
        PromotionTests = new PromotionTests(this, loggers.CreateLogger<PromotionTests>());
        _promotions = new PromotionRunner(this, loggers.CreateLogger<PromotionRunner>());
    }

    public Database Database { get; }

    public Changes Changes { get; }

    public Ingest Ingest { get; }

    public ContentStore Contents { get; }

    public ArtifactStore Artifacts { get; }

    public ArtifactPlaces Places { get; }

    public BucketManifests Manifests { get; }

    public NegotiatedUploads Uploads { get; }

    public Uploaders Uploaders { get; }

    /// <summary>Runs tests of versions.</summary>
    public ModelTester Tester { get; }

    public PromotionTests PromotionTests { get; }

    public required Checkpointer Checkpoints { get; init; }

    public Rights Rights { get; }

    public Collector Collector { get; }

    public TimeProvider Time { get; }

    /// <summary>Looks after what is served; null until the server listens.</summary>
    public Keeper? Keeper { get; set; }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<Spine> OpenAsync(ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var database = await Database.OpenAsync(new DatabaseLocation(options.Data, options.Database), time, cancellationToken);
        try
        {
            // Before the spine, whose own loops nobody would end if this failed.
            var checkpoints = await Checkpointer.StartAsync(database, Path.Join(options.Data, "checkpoints"), time, loggers.CreateLogger<Checkpointer>());
            var root = ArtifactRoot.Open(Path.Join(options.Data, "artifacts"), time);
            var ingest = new Ingest(database, time);
            IBlobs blobs = options.S3Place is { } place ? new S3Blobs(place) : new LocalBlobs(options.PacksFolder);
            var contents = await ContentStore.OpenAsync(database, ingest, blobs, new ContentSettings(root.IncomingFolder, options.CompressContent, time), cancellationToken);
            var spine = new Spine(contents, root, options, time, loggers) { Checkpoints = checkpoints };
            await spine._trash.SettleAllAsync(cancellationToken);
            return spine;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Judges the caller and reads, in one session.</summary>
    public Task<T> ReadAsync<T>(Caller caller, Func<Reader, Task<T>> read, CancellationToken cancellationToken) => Database.ReadAsync(async reader =>
    {
        await Rights.JudgeAsync(reader, caller, cancellationToken);
        return await read(reader);
    }, cancellationToken);

    /// <summary>Judges the caller and runs queries of which none needs another's answer. Who needs no look-up is answered after one way to the database and back.</summary>
    public async Task ReadAsync(Caller caller, IReadOnlyList<Query> queries, CancellationToken cancellationToken)
    {
        if (caller.Principal.IsFree)
        {
            caller.MarkJudged();
            await Database.ReadAsync(queries, cancellationToken);
            return;
        }

        await ReadAsync(caller, async reader =>
        {
            await reader.EachAsync(queries, cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <summary>Judges the caller, where what follows reads no rows.</summary>
    public Task JudgeAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (!caller.Principal.IsFree)
        {
            return ReadAsync(caller, _ => Task.FromResult(true), cancellationToken);
        }

        caller.MarkJudged();
        return Task.CompletedTask;
    }

    /// <summary>Makes a change; the caller is judged in its transaction.</summary>
    public async Task<T> MakeAsync<T>(Caller caller, ChangeRequest<T> request, CancellationToken cancellationToken)
    {
        var result = await Changes.MakeAsync(caller, request, cancellationToken);
        _promotions.Nudge(request.Resource);
        return result;
    }

    /// <summary>Makes a change whose success says all.</summary>
    public async Task<EmptyResponse> DoneAsync(Caller caller, ChangeRequest<bool> request, CancellationToken cancellationToken)
    {
        await MakeAsync(caller, request, cancellationToken);
        return EmptyResponse.Value;
    }

    /// <summary>Writes on the hot path; the caller is judged in the transaction that writes.</summary>
    public Task<TResult> WriteAsync<TRequest, TResult>(Caller caller, IngestKind<TRequest, TResult> kind, TRequest request, CancellationToken cancellationToken) =>
        Ingest.WriteAsync(kind, request, GuardFor(caller), cancellationToken);

    /// <inheritdoc cref="WriteAsync{TRequest, TResult}"/>
    public Task<TResult> WriteAsync<TResult>(Caller caller, Func<Writer, CancellationToken, Task<TResult>> write, CancellationToken cancellationToken) =>
        Ingest.WriteAsync(write, GuardFor(caller), cancellationToken);

    /// <summary>Judges the caller in the transaction of a write; null when nobody has to be judged.</summary>
    public WriteGuard? GuardFor(Caller caller)
    {
        if (!caller.Principal.IsFree)
        {
            return (reader, cancellationToken) => Rights.JudgeAsync(reader, caller, cancellationToken);
        }

        caller.MarkJudged();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await (Keeper?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _promotions.DisposeAsync();
        await PromotionTests.DisposeAsync();
        Tester.Dispose();
        await _trash.DisposeAsync();
        await _trimmer.DisposeAsync();
        await Changes.DisposeAsync();
        await Ingest.DisposeAsync();
        await Checkpoints.DisposeAsync();
        Artifacts.Bucket?.Dispose();
        Contents.Dispose();
        _root.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>What has to be done before a sweep: what nobody completes any more keeps nothing alive, and what lies in the old layout moves into the store.</summary>
    public async Task<MovedFiles> PrepareSweepAsync(bool onlyCount, CancellationToken cancellationToken)
    {
        if (!onlyCount)
        {
            await Ingest.WriteAsync(async (writer, token) =>
            {
                await DatasetDrafts.ExpireAsync(writer, Now, token);
                return true;
            }, cancellationToken);
        }

        return await _oldLayout.MoveAsync(onlyCount, cancellationToken);
    }
}
