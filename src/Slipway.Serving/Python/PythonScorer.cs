using System.Text.Json;
using System.Threading.Channels;
using Slipway.Serving.Models;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Python;

/// <summary>A model in as many Python processes as predictions are made at once. One that dies, hangs or grows too large is replaced.</summary>
internal sealed class PythonScorer : IScorer
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(60);

    private readonly Func<CancellationToken, Task<PythonChild>> _start;
    private readonly TimeSpan _limit;
    private readonly Channel<PythonChild> _idle = Channel.CreateUnbounded<PythonChild>();
    private readonly CancellationTokenSource _closing = new();
    private readonly TimeProvider _time;
    private int _alive;
    private int _failures;

    private PythonScorer(Func<CancellationToken, Task<PythonChild>> start, TimeSpan limit, TimeProvider time) =>
        (_start, _limit, _time) = (start, limit, time);

    public bool IsReady => Volatile.Read(ref _alive) > 0;

    /// <summary>Loads the model in so many processes.</summary>
    /// <param name="start">Starts one that has the model loaded.</param>
    /// <param name="count">How many.</param>
    /// <param name="limit">The time for one prediction.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PythonScorer> OpenAsync(Func<CancellationToken, Task<PythonChild>> start, int count, TimeSpan limit, CancellationToken cancellationToken)
    {
        var scorer = new PythonScorer(start, limit, TimeProvider.System);
        try
        {
            for (var i = 0; i < count; i++)
            {
                scorer.Add(await start(cancellationToken));
            }

            return scorer;
        }
        catch
        {
            await scorer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<ScoringOutput> PredictAsync(ScoringRequest request, CancellationToken cancellationToken)
    {
        var frame = PythonFrame.Encode(request);
        var child = await TakeAsync(cancellationToken);

        // A caller that goes away leaves the child working; it is given back when it is done.
        return await AskAsync(child, frame).WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _idle.Writer.TryComplete();
        while (_idle.Reader.TryRead(out var child))
        {
            await child.DisposeAsync();
        }
    }

    private async Task<PythonChild> TakeAsync(CancellationToken cancellationToken)
    {
        while (IsReady)
        {
            var child = await _idle.Reader.ReadAsync(cancellationToken);
            if (!child.HasExited)
            {
                return child;
            }

            await DropAsync(child);
        }

        throw ScoringFault.Unavailable("The model's process ended and is being replaced.");
    }

    private async Task<ScoringOutput> AskAsync(PythonChild child, byte[] frame)
    {
        try
        {
            var (letter, body) = await child.AskAsync('P', frame, _limit, _closing.Token);
            var output = Answer(letter, body);
            await GiveBackAsync(child);
            return output;
        }
        catch (PythonFailure failure)
        {
            await DropAsync(child);
            throw failure.IsLate ? ScoringFault.TooSlow(_limit) : ScoringFault.Model($"The model's process failed: {failure.Message}. {child.Said}");
        }
        catch (ScoringFault)
        {
            await GiveBackAsync(child);
            throw;
        }
        catch (OperationCanceledException)
        {
            await child.DisposeAsync();
            throw;
        }
    }

    private static JsonOutput Answer(char letter, byte[] body) => letter switch
    {
        'A' when IsJson(body) => new JsonOutput(body),
        'M' => throw ScoringFault.Model(System.Text.Encoding.UTF8.GetString(body)),
        _ => throw new PythonFailure("it answered what is no answer"),
    };

    private static bool IsJson(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task GiveBackAsync(PythonChild child)
    {
        Volatile.Write(ref _failures, 0);
        if (!_idle.Writer.TryWrite(child))
        {
            await child.DisposeAsync();
        }
    }

    private void Add(PythonChild child)
    {
        Interlocked.Increment(ref _alive);
        if (!_idle.Writer.TryWrite(child))
        {
            child.Kill();
        }
    }

    private async Task DropAsync(PythonChild child)
    {
        Interlocked.Decrement(ref _alive);
        await child.DisposeAsync();
        _ = ReplaceAsync();
    }

    // A second after the first failure in a row, then twice as long each time.
    private async Task ReplaceAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var failures = Interlocked.Increment(ref _failures);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(_longestPause.TotalSeconds, failures == 1 ? 0 : Math.Pow(2, failures - 2))), _time, _closing.Token);
                Add(await _start(_closing.Token));
                return;
            }
            catch (ModelFormatException exception)
            {
                await Console.Error.WriteLineAsync($"The model can't be loaded again: {exception.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
