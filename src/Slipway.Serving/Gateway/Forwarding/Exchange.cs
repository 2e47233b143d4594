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

    private readonly RequestId _id = journal.Begin();
    private Choice _choice;
    private AnswerCopy? _copy;
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
        using var body = new Body(context.Request);
        try
        {
            await body.ReadAsync(deadline.Token);
            await ForwardAsync(body, deadline.Token);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && (exception is OperationCanceledException || Failures.IsOfWorker(exception)))
        {
            // The caller has gone, which says nothing about the model.
        }
        catch (OperationCanceledException) when (IsCallersTurn(body))
        {
            await AnswerAsync(StatusCodes.Status408RequestTimeout, $"The request was not read whole within {timeout.TotalSeconds:0.###} s.");
        }
        catch (OperationCanceledException)
        {
            await TimedOutAsync(_choice.Pool!);
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
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested && !IsCallersTurn(body))
            {
                link.TimedOut();
                throw;
            }
            catch (Exception exception) when (Failures.IsOfWorker(exception) && body.IsBroken)
            {
                await AnswerAsync(StatusCodes.Status400BadRequest, "The body breaks off or is not sent as HTTP wants it.");
                return;
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
        _copy = new AnswerCopy(context);
        await _copy.RunAsync(answer, cancellationToken);
        Conclude(pool, answer, _copy.Prediction);
    }

    private void Conclude(Pool pool, HttpResponseMessage answer, Prediction prediction)
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
        route.Outcomes.Add(new Outcome(_choice.IsCandidate, _choice.Share, Failed: false, _milliseconds, prediction) { BreaksSchema = breaksSchema }, pool.Deployment.Id);
        journal.End(_id, pool.Index, _choice, prediction);
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
        if (pool.HasHealthy)
        {
            await AnswerAsync(StatusCodes.Status504GatewayTimeout, $"No answer within {timeout.TotalSeconds:0.###} s.");
            return;
        }

        await Refusals.UnavailableAsync(context, $"No worker of {route.Model.Name} version {pool.Deployment.Version} can be reached.");
    }

    private async Task LostAsync(Pool pool)
    {
        Fail(pool);
        await AnswerAsync(StatusCodes.Status502BadGateway, "The worker was lost while it answered. It may be asked again.");
    }

    // One who sends or reads slowly is neither the model's failure nor the worker's.
    private bool IsCallersTurn(Body body) => !body.IsWhole || _copy is { IsCallersTurn: true };

    private Task AnswerAsync(int status, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        // It may be set from an answer that never came.
        context.Response.Headers.ContentEncoding = default;
        return Refusals.AnswerAsync(context, status, message);
    }
}
