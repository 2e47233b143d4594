using System.Buffers;
using Microsoft.AspNetCore.Http;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>Passes a worker's answer on to the caller, and reads its first prediction meanwhile.</summary>
internal sealed class AnswerCopy(HttpContext context)
{
    /// <summary>An answer up to this size is passed on in one piece.</summary>
    private const int Small = 64 << 10;

    /// <summary>So much of a longer answer is looked at for its first prediction.</summary>
    private const int Beginning = 4 << 10;

    public Prediction Prediction { get; private set; }

    /// <summary>Whether the next step is the caller's: one who reads slowly is not the model's failure.</summary>
    public bool IsCallersTurn { get; private set; }

    public async Task RunAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var length = answer.Content.Headers.ContentLength;
        var buffer = ArrayPool<byte>.Shared.Rent(length is > 0 and <= Small ? (int)length : Small);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            if (length <= Small)
            {
                await stream.ReadExactlyAsync(buffer.AsMemory(0, (int)length), cancellationToken);
                await PassOnAsync(buffer.AsMemory(0, (int)length), isFirst: true, cancellationToken);
                return;
            }

            var isFirst = true;
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0; isFirst = false)
            {
                await PassOnAsync(buffer.AsMemory(0, read), isFirst, cancellationToken);
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

    private async ValueTask PassOnAsync(ReadOnlyMemory<byte> some, bool isFirst, CancellationToken cancellationToken)
    {
        if (isFirst)
        {
            Prediction = FirstPrediction.Read(some.Span[..Math.Min(some.Length, Beginning)]);
        }

        IsCallersTurn = true;
        await context.Response.BodyWriter.WriteAsync(some, cancellationToken);
        IsCallersTurn = false;
    }
}
