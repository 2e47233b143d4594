using System.Collections.Concurrent;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Onnx;

/// <summary>Predicts with one session for each prediction at a time; who comes when all are busy waits.</summary>
internal sealed class OnnxScorer : IScorer
{
    private readonly ConcurrentBag<InferenceSession> _idle = [];
    private readonly SemaphoreSlim _free;
    private readonly int _sessions;

    public OnnxScorer(string path, int sessions, int threads)
    {
        (_sessions, _free) = (sessions, new SemaphoreSlim(sessions));
        for (var session = 0; session < sessions; session++)
        {
            _idle.Add(new InferenceSession(path, threads));
        }
    }

    public bool IsReady => true;

    public async ValueTask<ScoringOutput> PredictAsync(ScoringRequest request, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        InferenceSession? session = null;
        try
        {
            // As many are free as are in the bag.
            _idle.TryTake(out session);
            return Predict(session!, request.Input, cancellationToken);
        }
        catch (OnnxException exception)
        {
            throw ScoringFault.Model(exception.Message);
        }
        finally
        {
            _idle.Add(session!);
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var session = 0; session < _sessions; session++)
        {
            await _free.WaitAsync();
        }

        foreach (var session in _idle)
        {
            session.Dispose();
        }

        _free.Dispose();
    }

    private static ScoringOutput Predict(InferenceSession session, ScoringInput input, CancellationToken cancellationToken)
    {
        var outputs = session.Run(OnnxFeed.Of(input, session.Inputs), cancellationToken);
        var named = new NamedTensor[outputs.Length];
        for (var index = 0; index < outputs.Length; index++)
        {
            named[index] = new NamedTensor(session.Outputs[index], outputs[index]);
        }

        return input is TableInput table && Array.TrueForAll(named, output => output.Tensor.Shape.Length > 0 && output.Tensor.Rows == table.Rows)
            ? new RowsOutput(Array.ConvertAll(named, Flat), table.Rows)
            : new NamedOutput(named);
    }

    // A column of one value for each row is no list of lists, as in MLflow.
    private static NamedTensor Flat(NamedTensor output) => output.Tensor is { Shape: [var rows, 1] } tensor ? output with { Tensor = tensor with { Shape = [rows] } } : output;
}
