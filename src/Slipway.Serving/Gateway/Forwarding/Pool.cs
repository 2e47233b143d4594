using System.Collections.Concurrent;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>The workers of one deployment: gives each request the one with least to do, and lets a bounded number wait.</summary>
internal sealed class Pool(Deployment deployment, int index) : IDisposable
{
    private readonly ConcurrentQueue<Waiter> _waiters = [];
    private volatile WorkerLink[] _links = [];
    private int _waiting;
    private int _users;
    private volatile bool _isClosed;
    private int _next;

    /// <summary>What the table says of it.</summary>
    public Deployment Deployment { get; set; } = deployment;

    /// <summary>Its number in the journal of requests.</summary>
    public int Index => index;

    public Tally Tally { get; } = new();

    /// <summary>How many requests one worker is given, and how many may wait.</summary>
    public (int PerWorker, int Queue) Limits { get; set; } = (32, 256);

    public IReadOnlyList<WorkerLink> Links => _links;

    public bool HasHealthy
    {
        get
        {
            foreach (var link in _links)
            {
                if (link.IsHealthy)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public int InFlight => _links.Sum(link => link.InFlight);

    /// <summary>Requests that may still need its workers.</summary>
    public int Users => Volatile.Read(ref _users);

    public int Waiting => Volatile.Read(ref _waiting);

    public void Add(WorkerLink link) => _links = [.. _links, link];

    /// <summary>Begins to use it; false when it is no longer in use, and the newest routing has to be looked at.</summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _users);
        if (!_isClosed)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _users);

    /// <summary>Nobody enters any more.</summary>
    public void Close() => _isClosed = true;

    /// <summary>
    /// A worker's place, at once or after waiting; it has to be given back. Null when too many wait already, or when no worker is left
    /// and the request may go elsewhere.
    /// </summary>
    public ValueTask<WorkerLink?> TakeAsync(WorkerLink? butNot, bool mayLeave, CancellationToken cancellationToken)
    {
        if (Waiting == 0 && FindFree(butNot) is { } link)
        {
            return new(link);
        }

        return mayLeave && !HasHealthy ? new((WorkerLink?)null) : WaitAsync(mayLeave, cancellationToken);
    }

    /// <summary>A worker was lost: those who wait for the last one, and may go elsewhere, do so.</summary>
    public void Lost(WorkerLink link)
    {
        link.Lost();
        for (var left = HasHealthy ? 0 : _waiters.Count; left > 0 && _waiters.TryDequeue(out var waiter); left--)
        {
            if (!waiter.MayLeave)
            {
                _waiters.Enqueue(waiter);
                continue;
            }

            waiter.TrySetResult(null);
        }
    }

    public void GiveBack(WorkerLink link)
    {
        link.GiveBack();
        Pump();
    }

    /// <summary>Gives free places to those who wait: after a place was given back, and after a worker became healthy.</summary>
    public void Pump()
    {
        while (Waiting > 0 && FindFree(butNot: null) is { } link)
        {
            if (!TryHand(link))
            {
                link.GiveBack();
                return;
            }
        }
    }

    public void Dispose()
    {
        foreach (var link in _links)
        {
            link.Dispose();
        }
    }

    private bool TryHand(WorkerLink link)
    {
        while (_waiters.TryDequeue(out var waiter))
        {
            if (waiter.TrySetResult(link))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<WorkerLink?> WaitAsync(bool mayLeave, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > Limits.Queue)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            var waiter = new Waiter(mayLeave);
            await using var end = cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
            _waiters.Enqueue(waiter);

            // A place may have become free between looking and queueing, when nobody would have told us.
            Pump();
            return await waiter.Task;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    // The least loaded, beginning with another one each time so that equals take turns.
    private WorkerLink? FindFree(WorkerLink? butNot)
    {
        var links = _links;
        var limit = Limits.PerWorker;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var best = FindLeastLoaded(links, butNot);
            if (best is null || best.InFlight >= limit)
            {
                return null;
            }

            if (best.TryTake(limit))
            {
                return best;
            }
        }

        return null;
    }

    private WorkerLink? FindLeastLoaded(WorkerLink[] links, WorkerLink? butNot)
    {
        if (links.Length == 0)
        {
            return null;
        }

        var start = links.Length == 1 ? 0 : (int)((uint)Interlocked.Increment(ref _next) % (uint)links.Length);
        WorkerLink? best = null;
        for (var i = 0; i < links.Length; i++)
        {
            var link = links[(start + i) % links.Length];
            if (link.IsHealthy && link != butNot && (best is null || link.InFlight < best.InFlight))
            {
                best = link;
            }
        }

        return best;
    }

    private sealed class Waiter(bool mayLeave) : TaskCompletionSource<WorkerLink?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool MayLeave => mayLeave;
    }
}
