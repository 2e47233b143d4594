using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Slipway.Store;

/// <summary>Lets a write pass, or throws a <see cref="Fault"/> that says why not.</summary>
public delegate Task WriteGuard(Reader reader, CancellationToken cancellationToken);

/// <summary>The unaudited hot path: what fills a run or a logged model.</summary>
/// <remarks>
/// Concurrent requests share a transaction, and each is answered after the commit that contains it. A bad one fails alone.
/// </remarks>
public sealed class Ingest : IAsyncDisposable
{
    private const int GroupWeight = 20_000;
    private const int Attempts = 3;

    private readonly Channel<PendingWrite> _queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    public Ingest(Database database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Writes together with all other requests of its kind that wait.</summary>
    /// <exception cref="Fault">It can't be done; nothing of it was written.</exception>
    public Task<TResult> WriteAsync<TRequest, TResult>(IngestKind<TRequest, TResult> kind, TRequest request, CancellationToken cancellationToken) =>
        WriteAsync(kind, request, guard: null, cancellationToken);

    /// <summary>The same, unless the guard throws a fault: it is asked in the transaction that writes.</summary>
    /// <exception cref="Fault">It can't be done; nothing of it was written.</exception>
    public async Task<TResult> WriteAsync<TRequest, TResult>(IngestKind<TRequest, TResult> kind, TRequest request, WriteGuard? guard, CancellationToken cancellationToken)
    {
        var pending = new PendingWrite<TRequest, TResult>(kind, request) { Guard = guard };
        await _queue.Writer.WriteAsync(pending, cancellationToken);
        return await pending.Task;
    }

    /// <summary>Writes under a savepoint of its own.</summary>
    /// <exception cref="Fault">It can't be done; nothing of it was written.</exception>
    public Task<TResult> WriteAsync<TResult>(Func<Writer, CancellationToken, Task<TResult>> write, CancellationToken cancellationToken) =>
        WriteAsync(SingleWrites<TResult>.Kind, write, guard: null, cancellationToken);

    /// <inheritdoc cref="WriteAsync{TRequest, TResult}(IngestKind{TRequest, TResult}, TRequest, WriteGuard, CancellationToken)"/>
    public Task<TResult> WriteAsync<TResult>(Func<Writer, CancellationToken, Task<TResult>> write, WriteGuard? guard, CancellationToken cancellationToken) =>
        WriteAsync(SingleWrites<TResult>.Kind, write, guard, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var group = new List<PendingWrite>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            for (var weight = 0; weight < GroupWeight && _queue.Reader.TryRead(out var pending); weight += pending.Weight)
            {
                group.Add(pending);
            }

            await WriteGroupAsync(group);
            group.ForEach(pending => pending.Answer());
        }
    }

    private async Task WriteGroupAsync(List<PendingWrite> group)
    {
        try
        {
            await WriteInOneTransactionAsync(group);
        }
        catch (Exception exception) when (exception is UnknownFateException or NoTransactionException)
        {
            // Trying each alone could do it twice, or would only wait as many times.
            group.ForEach(pending => pending.Failure ??= Told(exception));
        }
        catch (Exception)
        {
            // The transaction is lost, not the requests: each is tried alone, and then its failure is its own.
            foreach (var pending in group)
            {
                await WriteAloneAsync(pending);
                pending.Answer();
            }
        }
    }

    private async Task WriteAloneAsync(PendingWrite pending)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteInOneTransactionAsync([pending]);
                return;
            }
            catch (DbException exception) when (attempt < Attempts && _database.IsPassing(exception))
            {
                // A deadlock or a serialization failure: the same request again, in a new transaction.
            }
            catch (Exception exception)
            {
                pending.Failure = Told(exception);
                return;
            }
        }
    }

    private Exception Told(Exception exception)
    {
        exception = exception is NoTransactionException none ? none.InnerException! : exception;
        return exception is DbException failure ? _database.Translate(failure) ?? exception : exception;
    }

    private async Task WriteInOneTransactionAsync(List<PendingWrite> group)
    {
        if (await ApplyAllAsync(group) is { } lost && (lost.Mark is null || !await LostCommit.TookEffectAsync(() => _database.WasCommittedAsync(lost.Mark, CancellationToken.None), _time)))
        {
            lost.Cause.Throw();
        }
    }

    private async Task<Session> BeginAsync()
    {
        Session? session = null;
        try
        {
            session = await _database.OpenWriterAsync(CancellationToken.None);
            await session.BeginAsync(CancellationToken.None);
            return session;
        }
        catch (Exception exception)
        {
            await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw new NoTransactionException(exception);
        }
    }

    /// <returns>The transaction's mark and what went wrong when the commit gave no answer; null when it is done.</returns>
    private async Task<(string? Mark, ExceptionDispatchInfo Cause)?> ApplyAllAsync(List<PendingWrite> group)
    {
        string? mark;
        await using var session = await BeginAsync();
        try
        {
            mark = await session.MarkAsync(CancellationToken.None);
            var writer = new Writer(session, _database.Dialect);
            foreach (var kind in group.GroupBy(pending => pending.Kind))
            {
                if (await AdmittedAsync(writer, kind) is { Count: > 0 } requests)
                {
                    await kind.Key.ApplyAsync(writer, requests, CancellationToken.None);
                }
            }
        }
        catch
        {
            await session.RollBackAsync();
            throw;
        }

        try
        {
            await session.CommitAsync(CancellationToken.None);
            return null;
        }
        catch (DbException exception)
        {
            await session.RollBackAsync();
            return (mark, ExceptionDispatchInfo.Capture(exception));
        }
    }

    private static async Task<List<PendingWrite>> AdmittedAsync(Writer writer, IEnumerable<PendingWrite> requests)
    {
        var admitted = new List<PendingWrite>();
        foreach (var pending in requests)
        {
            pending.Failure = null;
            try
            {
                await (pending.Guard?.Invoke(writer, CancellationToken.None) ?? Task.CompletedTask);
                admitted.Add(pending);
            }
            catch (Fault fault)
            {
                pending.Failure = fault;
            }
        }

        return admitted;
    }

    /// <summary>There is no transaction to be had, for nobody.</summary>
    private sealed class NoTransactionException(Exception cause) : Exception(cause.Message, cause);
}
