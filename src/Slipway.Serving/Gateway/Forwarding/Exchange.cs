using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Slipway.Serving.Gateway.Journals;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>One request on its way to a worker and back.</summary>
/// <param name="context">The caller's side.</param>
/// <param name="route">Where the model's requests went when it began.</param>
/// <param name="timeout">How long it may take.</param>
/// <param name="journal">Remembers what was predicted.</param>
internal sealed class Exchange(HttpContext context, Route route, TimeSpan timeout, RequestJournal journal)
{
    /// <summary>So many workers are tried whose connection fails before anything is sent.</summary>
    private const int MostAttempts = 4;

    /// <summary>An answer up to this size is passed on in one piece.</summary>
    private const int SmallAnswer = 64 << 10;

    /// <summary>So much of a longer answer is looked at for its first prediction.</summary>
    private const int Beginning = 4 << 10;

    private readonly RequestId _id = journal.Begin();
    private Choice _choice;
    private Prediction _prediction;
    private double _milliseconds;

    /// <summary>False when the route is not in use any more; nothing has happened then.</summary>
    public async Task<bool> TryRunAsync()
    {
        _choice = route.Choose(route.Model.StickyHeader is { } header && context.Request.Headers[header] is [{ Length: > 0 } key, ..] ? Route.ChanceOf(key) : _id.Chance);
        context.Response.Headers[Headers.RequestId] = _id.ToString();
        if (_choice.Pool is null)
        {
            await Refusals.UnavailableAsync(context, $"No version of {route.Model.Name} is served here yet.");
            return true;
        }

        if (!_choice.Pool.TryEnter())
        {
            return false;
        }

        try
        {
            await RunAsync();
        }
        finally
        {
            _choice.Pool!.Leave();
        }

        return true;
    }

    private async Task RunAsync()
    {
        await using var deadline = Deadlines.Begin(timeout, context.RequestAborted);
        try
        {
            using var body = await Body.ReadAsync(context.Request, deadline.Token);
            await ForwardAsync(body, deadline.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await TimedOutAsync(_choice.Pool!);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone, which says nothing about the model.
        }
    }

    private async Task ForwardAsync(Body body, CancellationToken cancellationToken)
    {
        WorkerLink? failed = null;
        for (var attempt = 1; ; attempt++)
        {
            var pool = _choice.Pool!;
            var link = await pool.TakeAsync(failed, mayLeave: _choice.IsCandidate && route.Main is not null, cancellationToken);
            if (link is null && TryFallBack())
            {
                continue;
            }

            if (link is null)
            {
                pool.Tally.AddOverflowed();
                await Refusals.TooManyAsync(context);
                return;
            }

            try
            {
                await TryAsync(pool, link, body, cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                link.TimedOut();
                throw;
            }
            catch (Exception exception) when (Failures.IsOfWorker(exception) && !context.RequestAborted.IsCancellationRequested)
            {
                pool.Lost(link);
                failed = link;
                if (!MayRetry(exception, body, attempt))
                {
                    await LostAsync(pool);
                    return;
                }

                pool.Tally.AddRetried();
            }
            finally
            {
                pool.GiveBack(link);
            }
        }
    }

    // A candidate without workers has failed; its requests need not.
    private bool TryFallBack()
    {
        if (!_choice.IsCandidate || _choice.Pool!.HasHealthy || route.Main?.TryEnter() != true)
        {
            return false;
        }

        Fail(_choice.Pool);
        _choice.Pool.Leave();
        _choice = new Choice(route.Main, IsCandidate: false, 0);
        return true;
    }

    // What was never sent may go elsewhere; what a worker died with, once, where that can do no harm.
    private bool MayRetry(Exception exception, Body body, int attempt) =>
        !context.Response.HasStarted && attempt < MostAttempts &&
        (Failures.IsBeforeSending(exception) ? body.IsUntouched : body.IsKept && attempt == 1 && route.Model.RetryInFlight);

    private async Task TryAsync(Pool pool, WorkerLink link, Body body, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        context.Response.Headers[Headers.ModelVersion] = pool.Deployment.Version;
        using var request = new HttpRequestMessage(HttpMethod.Post, Addresses.Invocations) { Content = body.ToContent() };
        Headers.CopyRequest(context.Request.Headers, request);
        using var answer = await link.SendAsync(request, cancellationToken);
        _milliseconds = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        link.Answered();
        context.Response.StatusCode = (int)answer.StatusCode;
        Headers.CopyResponse(answer, context.Response.Headers);
        await CopyAsync(answer, cancellationToken);
        Conclude(pool, answer);
    }

    private async Task CopyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var length = answer.Content.Headers.ContentLength;
        var buffer = ArrayPool<byte>.Shared.Rent(length is > 0 and <= SmallAnswer ? (int)length : SmallAnswer);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            if (length <= SmallAnswer)
            {
                await CopySmallAsync(stream, buffer.AsMemory(0, (int)length), cancellationToken);
                return;
            }

            var isFirst = true;
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0; isFirst = false)
            {
                if (isFirst)
                {
                    _prediction = FirstPrediction.Read(buffer.AsSpan(0, Math.Min(read, Beginning)));
                }

                await context.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception exception) when (Failures.IsOfWorker(exception) && context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask CopySmallAsync(Stream stream, Memory<byte> whole, CancellationToken cancellationToken)
    {
        await stream.ReadExactlyAsync(whole, cancellationToken);
        _prediction = FirstPrediction.Read(whole.Span[..Math.Min(whole.Length, Beginning)]);
        await context.Response.BodyWriter.WriteAsync(whole, cancellationToken);
    }

    private void Conclude(Pool pool, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var isModels = answer.Headers.NonValidated.TryGetValues(Headers.Failure, out var blame) && blame.ToString() == "model";
        pool.Tally.Answered(_milliseconds);
        if (status >= 500 || isModels)
        {
            Fail(pool);
            return;
        }

        if (status >= 400)
        {
            pool.Tally.AddRejected();
            return;
        }

        var breaksSchema = answer.Headers.NonValidated.TryGetValues(Headers.BreaksSchema, out _);
        route.Outcomes.Add(new Outcome(_choice.IsCandidate, _choice.Share, Failed: false, _milliseconds, _prediction) { BreaksSchema = breaksSchema }, pool.Deployment.Id);
        journal.End(_id, pool.Index, _choice, _prediction);
    }

    private void Fail(Pool pool)
    {
        pool.Tally.AddFailure();
        route.Outcomes.Add(new Outcome(_choice.IsCandidate, _choice.Share, Failed: true, _milliseconds), pool.Deployment.Id);
    }

    private async Task TimedOutAsync(Pool pool)
    {
        _milliseconds = timeout.TotalMilliseconds;
        pool.Tally.AddTimedOut();
        Fail(pool);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await (pool.HasHealthy
            ? Refusals.AnswerAsync(context, StatusCodes.Status504GatewayTimeout, $"No answer within {timeout.TotalSeconds:0.###} s.")
            : Refusals.UnavailableAsync(context, $"No worker of {route.Model.Name} version {pool.Deployment.Version} can be reached."));
    }

    private async Task LostAsync(Pool pool)
    {
        Fail(pool);
        if (!context.Response.HasStarted)
        {
            await Refusals.AnswerAsync(context, StatusCodes.Status502BadGateway, "The worker was lost while it answered. It may be asked again.");
        }
    }
}
