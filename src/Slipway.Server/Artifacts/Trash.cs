using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Holds what is being deleted, under the id of the change that deletes it, until the audit log tells that change's fate.</summary>
internal sealed partial class Trash : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<string> _purges = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ArtifactRoot _root;
    private readonly Database _database;
    private readonly Changes _changes;
    private readonly ILogger<Trash> _logger;
    private readonly Task _purging;

    public Trash(ArtifactRoot root, Database database, Changes changes, ILogger<Trash> logger)
    {
        (_root, _database, _changes, _logger) = (root, database, changes, logger);
        _purging = Task.Run(PurgeAllAsync);
    }

    /// <summary>Decides about everything that an earlier process left behind.</summary>
    public async Task SettleAllAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in Directory.GetDirectories(_root.TrashFolder))
        {
            await SettleAsync(Path.GetFileName(entry), cancellationToken);
        }
    }

    /// <summary>Deletes, or brings everything back.</summary>
    public async Task MakeAsync(DeleteArtifact request, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            await _changes.MakeAsync(actor, request, cancellationToken);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.NotFound)
        {
            // Somebody else was faster: nothing is there, as asked for, and nothing is recorded.
        }
        finally
        {
            if (request.ChangeId is { } changeId)
            {
                await SettleNowOrLaterAsync(changeId);
            }
        }
    }

    /// <summary>Whether there is anything of the old layout to take.</summary>
    public bool CanTake(ArtifactPath path) => _root.Locate(path).Kind is PlaceKind.File or PlaceKind.Folder;

    /// <summary>Moves an artifact here; false when there is none of this name. It may be asked again for the same change.</summary>
    public async Task<bool> TakeAsync(string changeId, ArtifactPath path, CancellationToken cancellationToken)
    {
        var entry = new TrashEntry(Path.Join(_root.TrashFolder, changeId));
        if (entry.HasContent)
        {
            return true;
        }

        if (!CanTake(path))
        {
            return false;
        }

        // Where it came from is on disk before it is moved, so that it can always go back.
        entry.Create(path);
        var taken = await _root.TakeOutAsync(path, entry.Content, cancellationToken);
        if (!taken)
        {
            entry.Delete();
        }

        return taken;
    }

    /// <summary>Purges what a change took if that change is on record as done, else puts it back.</summary>
    public async Task SettleAsync(string changeId, CancellationToken cancellationToken)
    {
        var entry = new TrashEntry(Path.Join(_root.TrashFolder, changeId));
        var done = await _database.ReadAsync(
            reader => reader.AnyAsync($"select 1 from audit where change_id = {changeId} and outcome = 'done'", cancellationToken),
            cancellationToken);
        if (done || entry.ReadPath() is not { } path || await TryPutBackAsync(entry, path, cancellationToken))
        {
            _purges.Writer.TryWrite(changeId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _purges.Writer.TryComplete();
        await _purging;
        _stop.Dispose();
    }

    // The database that made a deletion fail may be away for its fate too: what was taken does not wait for a restart.
    private async Task SettleNowOrLaterAsync(string changeId)
    {
        try
        {
            await SettleAsync(changeId, CancellationToken.None);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Unavailable)
        {
            Log.SettledLater(_logger, changeId, fault);
            _ = Task.Run(() => SettleLaterAsync(changeId));
        }
    }

    private async Task SettleLaterAsync(string changeId)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, _stop.Token);
                await SettleAsync(changeId, _stop.Token);
                return;
            }
            catch (Exception exception) when (exception is OperationCanceledException or Fault { Kind: FaultKind.Unavailable })
            {
                // Once more, or at the next start when the server stops.
            }
        }
    }

    private async Task<bool> TryPutBackAsync(TrashEntry entry, ArtifactPath path, CancellationToken cancellationToken)
    {
        try
        {
            if (await _root.PutBackAsync(entry.Content, path, cancellationToken))
            {
                Log.PutBack(_logger, path.Text, entry.Folder);
                return true;
            }
        }
        catch (Fault fault)
        {
            Log.PutBackFailed(_logger, path.Text, entry.Folder, fault);
            return false;
        }

        Log.PutBackFailed(_logger, path.Text, entry.Folder, null);
        return false;
    }

    private async Task PurgeAllAsync()
    {
        await foreach (var changeId in _purges.Reader.ReadAllAsync())
        {
            try
            {
                new TrashEntry(Path.Join(_root.TrashFolder, changeId)).Delete();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.NotPurged(_logger, exception, changeId);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Warning, "Artifact {Path} is back from {Entry}: the change that deleted it was not made")]
        public static partial void PutBack(ILogger logger, string path, string entry);

        [LoggerMessage(4203, LogLevel.Error, "Artifact {Path} can't be put back from {Entry}, where it stays; it is tried again at the next start")]
        public static partial void PutBackFailed(ILogger logger, string path, string entry, Exception? exception);

        [LoggerMessage(4204, LogLevel.Warning, "Whether the change {ChangeId} deleted its artifact can't be found out now; it is tried again")]
        public static partial void SettledLater(ILogger logger, string changeId, Exception exception);

        [LoggerMessage(4202, LogLevel.Warning, "What the change {ChangeId} deleted can't be purged; it is tried again at the next start")]
        public static partial void NotPurged(ILogger logger, Exception exception, string changeId);
    }
}

/// <summary>One deletion on disk: a file that says where it was, and what was there.</summary>
internal readonly record struct TrashEntry(string Folder)
{
    public string Content => Path.Join(Folder, "content");

    public bool HasContent => ArtifactRoot.KindOf(new FileInfo(Content)) is PlaceKind.File or PlaceKind.Folder;

    private string Origin => Path.Join(Folder, "path");

    public void Create(ArtifactPath path)
    {
        DurableFolders.Create(Folder);
        using (var origin = new FileStream(Origin, FileMode.Create, FileAccess.Write))
        {
            origin.Write(Encoding.UTF8.GetBytes(path.Text));
            origin.Flush(flushToDisk: true);
        }

        DurableFolders.Flush(Folder);
    }

    /// <summary>Where the content was; null when there is none.</summary>
    public ArtifactPath? ReadPath() => HasContent ? ArtifactPath.Parse(File.ReadAllText(Origin)) : null;

    public void Delete()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
