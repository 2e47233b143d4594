using System.Threading.Channels;

namespace Slipway.Serving.Scoring;

/// <summary>Predicts the rows of several requests together, when they come at about the same time and are alike.</summary>
internal sealed class BatchingScorer : IScorer
{
    private const int QueueBound = 4096;

    private readonly IScorer _scorer;
    private readonly int _rows;
    private readonly TimeSpan _wait;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(QueueBound) { SingleReader = true });

    /// <param name="scorer">Who predicts; closed with this.</param>
    /// <param name="rows">How many rows a batch has at most; a longer request is predicted alone.</param>
    /// <param name="wait">How long the first request of a batch waits for others.</param>
    public BatchingScorer(IScorer scorer, int rows, TimeSpan wait)
    {
        (_scorer, _rows, _wait) = (scorer, rows, wait);
        _work = Task.Run(WorkAsync);
    }

    public bool IsReady => _scorer.IsReady;

    public async ValueTask<ScoringOutput> PredictAsync(ScoringRequest request, CancellationToken cancellationToken)
    {
        if (RequestBatch.Rows(request) is not (> 0 and var rows) || rows >= _rows)
        {
            return await _scorer.PredictAsync(request, cancellationToken);
        }

        var waiting = new Waiting(request, rows, cancellationToken);
        return _queue.Writer.TryWrite(waiting)
            ? await waiting.Answer.Task.WaitAsync(cancellationToken)
            : throw ScoringFault.Unavailable($"More than {QueueBound} requests wait for this model.");
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.Complete();
        await _work;
        await _end.CancelAsync();
        _end.Dispose();
        await _scorer.DisposeAsync();
    }

    private async Task WorkAsync()
    {
        Waiting? next = null;
        while (next is not null || await _queue.Reader.WaitToReadAsync())
        {
            var batch = new List<Waiting>();
            next = await GatherAsync(batch, next);
            await PredictAsync(batch);
        }
    }

    // Answers the request that no longer fitted, which begins the next batch.
    private async Task<Waiting?> GatherAsync(List<Waiting> batch, Waiting? first)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        patience.CancelAfter(_wait);
        var rows = 0;
        for (var waiting = first; rows < _rows; waiting = null)
        {
            if (waiting is null && !_queue.Reader.TryRead(out waiting))
            {
                if (!await MoreAsync(patience.Token))
                {
                    return null;
                }

                continue;
            }

            if (rows + waiting.Rows > _rows || (batch.Count > 0 && !RequestBatch.AreAlike(batch[0].Request, waiting.Request)))
            {
                return waiting;
            }

            batch.Add(waiting);
            rows += waiting.Rows;
        }

        return null;
    }

    private async Task<bool> MoreAsync(CancellationToken patience)
    {
        try
        {
            return await _queue.Reader.WaitToReadAsync(patience);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task PredictAsync(List<Waiting> batch)
    {
        batch.RemoveAll(waiting => waiting.CancellationToken.IsCancellationRequested);
        if (batch.Count > 1 && await TryTogetherAsync(batch))
        {
            return;
        }

        foreach (var waiting in batch)
        {
            await AloneAsync(waiting);
        }
    }

    private async Task<bool> TryTogetherAsync(List<Waiting> batch)
    {
        IReadOnlyList<ScoringOutput>? outputs;
        try
        {
            var output = await _scorer.PredictAsync(RequestBatch.Join([.. batch.Select(waiting => waiting.Request)]), _end.Token);
            outputs = RequestBatch.Split(output, [.. batch.Select(waiting => waiting.Rows)]);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // One of them may be at fault; alone, each gets the answer that it would have had.
            return false;
        }

        for (var index = 0; outputs is not null && index < batch.Count; index++)
        {
            batch[index].Answer.TrySetResult(outputs[index]);
        }

        return outputs is not null;
    }

    private async Task AloneAsync(Waiting waiting)
    {
        try
        {
            waiting.Answer.TrySetResult(await _scorer.PredictAsync(waiting.Request, waiting.CancellationToken));
        }
        catch (Exception exception)
        {
            waiting.Answer.TrySetException(exception);
        }
    }

    private sealed record Waiting(ScoringRequest Request, int Rows, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<ScoringOutput> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
