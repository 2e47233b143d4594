using Slipway.Serving.Scoring;
using Xunit;

namespace Slipway.Serving.Tests.Scoring;

/// <summary>What batching promises: fewer predictions, and to each caller the answer that it would have had alone.</summary>
public sealed class BatchingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Requests_that_come_together_are_predicted_together()
    {
        var doubler = new Doubler();
        await using var batching = new BatchingScorer(doubler, rows: 4, wait: Patience);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => batching.PredictAsync(One(number), CancellationToken.None).AsTask())).WaitAsync(Patience);

        Assert.Equal(["0", "2", "4", "6"], answers.Select(Values));
        Assert.Equal([4], doubler.Batches);
    }

    [Fact]
    public async Task One_that_is_alone_waits_no_longer_than_it_may()
    {
        var doubler = new Doubler();
        await using var batching = new BatchingScorer(doubler, rows: 4, wait: TimeSpan.FromMilliseconds(1));

        Assert.Equal("14", Values(await batching.PredictAsync(One(7), CancellationToken.None).AsTask().WaitAsync(Patience)));
        Assert.Equal([1], doubler.Batches);
    }

    [Fact]
    public async Task One_bad_input_spoils_no_other_request()
    {
        await using var batching = new BatchingScorer(new Doubler(), rows: 3, wait: Patience);

        var good = batching.PredictAsync(One(1), CancellationToken.None).AsTask();
        var bad = batching.PredictAsync(One(-1), CancellationToken.None).AsTask();
        var fine = batching.PredictAsync(One(2), CancellationToken.None).AsTask();

        Assert.Equal("2", Values(await good.WaitAsync(Patience)));
        Assert.Equal("4", Values(await fine.WaitAsync(Patience)));
        await Assert.ThrowsAsync<ScoringFault>(() => bad.WaitAsync(Patience));
    }

    [Fact]
    public async Task Unlike_requests_and_long_ones_are_not_mixed()
    {
        var doubler = new Doubler();
        await using var batching = new BatchingScorer(doubler, rows: 2, wait: TimeSpan.FromMilliseconds(1));
        var other = new ScoringRequest(new TableInput([new NamedTensor("y", Tensor.Column(ElementType.Float64, new[] { 5d }))], 1, true), ScoringRequest.NoParameters);
        var longer = new ScoringRequest(new TableInput([new NamedTensor("x", Tensor.Column(ElementType.Float64, new[] { 1d, 2, 3 }))], 3, true), ScoringRequest.NoParameters);

        var answers = await Task.WhenAll(new[] { One(1), other, longer }.Select(request => batching.PredictAsync(request, CancellationToken.None).AsTask())).WaitAsync(Patience);

        Assert.Equal(["2", "10", "2,4,6"], answers.Select(Values));
        Assert.Equal([1, 1, 3], doubler.Batches.Order());
    }

    [Fact]
    public async Task Nobody_waits_any_more_when_it_is_closed()
    {
        var batching = new BatchingScorer(new Doubler(), rows: 4, wait: TimeSpan.FromMilliseconds(50));
        var answer = batching.PredictAsync(One(3), CancellationToken.None).AsTask();

        await batching.DisposeAsync();

        Assert.Equal("6", Values(await answer.WaitAsync(Patience)));
    }

    private static ScoringRequest One(double value) => new(new TableInput([new NamedTensor("x", Tensor.Column(ElementType.Float64, new[] { value }))], 1, true), ScoringRequest.NoParameters);

    private static string Values(ScoringOutput output) => string.Join(',', (double[])((TensorOutput)output).Tensor.Values);

    /// <summary>Doubles, notes how many rows it was given, and refuses what is negative.</summary>
    private sealed class Doubler : IScorer
    {
        private readonly Lock _gate = new();
        private readonly List<int> _batches = [];

        public IReadOnlyList<int> Batches
        {
            get
            {
                lock (_gate)
                {
                    return [.. _batches];
                }
            }
        }

        public bool IsReady => true;

        public ValueTask<ScoringOutput> PredictAsync(ScoringRequest request, CancellationToken cancellationToken)
        {
            var values = (double[])((TableInput)request.Input).Columns[0].Tensor.Values;
            lock (_gate)
            {
                _batches.Add(values.Length);
            }

            return Array.TrueForAll(values, value => value >= 0)
                ? ValueTask.FromResult<ScoringOutput>(new TensorOutput(Tensor.Column(ElementType.Float64, Array.ConvertAll(values, value => value * 2))))
                : throw ScoringFault.Model("negative");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
