using Microsoft.Extensions.Logging;
using Slipway.Server.Artifacts;
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

    private Spine(Database database, ArtifactRoot root, TimeProvider time, ILoggerFactory loggers)
    {
        (Database, Time, _root) = (database, time, root);
        Changes = new Changes(database, [], time);
        Ingest = new Ingest(database, time);
        _trimmer = new OutboxTrimmer(Ingest, time);
        _trash = new Trash(root, database, Changes, loggers.CreateLogger<Trash>());
        Artifacts = new ArtifactStore(root, _trash, database, Ingest);
    }

    public Database Database { get; }

    public Changes Changes { get; }

    public Ingest Ingest { get; }

    public ArtifactStore Artifacts { get; }

    public TimeProvider Time { get; }

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<Spine> OpenAsync(ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var database = await Database.OpenAsync(new DatabaseLocation(options.Data, options.Database), time, cancellationToken);
        try
        {
            var spine = new Spine(database, ArtifactRoot.Open(Path.Join(options.Data, "artifacts"), time), time, loggers);
            await spine._trash.SettleAllAsync(cancellationToken);
            return spine;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a change whose success says all.</summary>
    public async Task<EmptyResponse> DoneAsync(Caller caller, ChangeRequest<bool> request, CancellationToken cancellationToken)
    {
        await Changes.MakeAsync(caller.Actor, request, cancellationToken);
        return EmptyResponse.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _trash.DisposeAsync();
        await _trimmer.DisposeAsync();
        await Changes.DisposeAsync();
        await Ingest.DisposeAsync();
        _root.Dispose();
        await Database.DisposeAsync();
    }
}
