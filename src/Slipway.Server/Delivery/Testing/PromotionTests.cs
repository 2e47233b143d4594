using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Gates;
using Slipway.Server.Governance.Promoting;
using Slipway.Store;

namespace Slipway.Server.Delivery.Testing;

/// <summary>Runs the tests that a promotion lacks, where the pipeline says that Slipway is to.</summary>
internal sealed partial class PromotionTests(Spine spine, ILogger<PromotionTests> logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(long Version, string Stage), Task> _running = new();

    /// <summary>Begins what is missing and not under way; does not wait for it.</summary>
    public void Begin(Standing standing)
    {
        if (standing is not { Stage: { Testing: { } settings } stage, Report: { } report } || _stop.IsCancellationRequested)
        {
            return;
        }

        var missing = stage.Gates.OfType<TestGate>().Select(gate => gate.Name)
            .Where(name => BuiltInTest.Find(name) is not null && report.Results.Any(result => result.Gate == $"test {name}" && result.Measured == TestGate.NotRun))
            .ToList();
        var what = (standing.Promotion.Version, stage.Name);
        if (missing.Count > 0 && !_running.ContainsKey(what))
        {
            // Added before it runs, so that it is never taken away before it is there.
            var begun = new TaskCompletionSource();
            if (_running.TryAdd(what, begun.Task))
            {
                _ = RunAsync(standing.Promotion, (missing, settings)).ContinueWith(_ =>
                {
                    _running.TryRemove(what, out var _);
                    begun.SetResult();
                }, TaskScheduler.Default);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stop.Dispose();
    }

    private async Task RunAsync(PromotionRow promotion, (IReadOnlyList<string> Names, TestSettings Settings) wanted)
    {
        try
        {
            await spine.Tester.RunAsync(Settlement.Server, (promotion.ModelName, promotion.Number), wanted, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops; the next one finds them missing.
        }
        catch (Exception exception) when (exception is Fault or DbException or IOException)
        {
            Log.NotRun(logger, promotion.Id, exception);
            await RecordAsync(promotion, wanted.Names, exception.Message);
        }
    }

    // What can't be run is on record, and not tried again every second.
    private async Task RecordAsync(PromotionRow promotion, IReadOnlyList<string> names, string why)
    {
        foreach (var name in names)
        {
            try
            {
                var error = TestFinding.Error(why);
                await spine.Changes.MakeAsync(Settlement.Server, new RecordTest(promotion.ModelName, promotion.Number, name, error.Outcome) { Measured = MeasuredJson.Decode(error.Measured) }, _stop.Token);
            }
            catch (Exception exception) when (exception is Fault or DbException or OperationCanceledException)
            {
                Log.NotRun(logger, promotion.Id, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6201, LogLevel.Warning, "The tests of promotion {Id} could not be run")]
        public static partial void NotRun(ILogger logger, long id, Exception exception);
    }
}
