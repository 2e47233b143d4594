using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Serving.Scoring;

/// <summary>Answers POST /invocations.</summary>
internal sealed class Invocation(IScorer scorer, RequestDecoder decoder, ScoringOptions options)
{
    // A reserve of writers with their buffers: an answer is small, and there are many.
    [ThreadStatic]
    private static Utf8JsonWriter? _idleWriter;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _idleBuffer;

    /// <exception cref="ScoringFault">There is no prediction.</exception>
    public async Task AnswerAsync(HttpContext context)
    {
        var form = MediaType.Parse(context.Request.ContentType);
        var body = await ReadAsync(context.Request, context.RequestAborted);
        var request = decoder.Decode(form, body);
        var output = await PredictAsync(request, context.RequestAborted);
        await WriteAsync(context.Response, output, request.Input is JsonInput { IsBare: true });
    }

    private async Task<ScoringOutput> PredictAsync(ScoringRequest request, CancellationToken aborted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(options.RequestLimit);
        try
        {
            var predicting = scorer.PredictAsync(request, limit.Token);
            return predicting.IsCompletedSuccessfully ? predicting.Result : await predicting.AsTask().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            throw ScoringFault.TooSlow(options.RequestLimit);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > options.BodyLimit)
        {
            throw ScoringFault.TooLong(options.BodyLimit);
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > options.BodyLimit)
            {
                throw ScoringFault.TooLong(options.BodyLimit);
            }

            if (read.IsCompleted)
            {
                // Copied: a model that is too slow may still look at it when the answer has been sent.
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task WriteAsync(HttpResponse response, ScoringOutput output, bool isBare)
    {
        var (writer, buffer) = Rent();
        try
        {
            AnswerWriter.Write(writer, output, isBare);
            writer.Flush();
            response.ContentType = MediaType.Json;
            response.ContentLength = buffer.WrittenCount;
            await response.BodyWriter.WriteAsync(buffer.WrittenMemory);
        }
        finally
        {
            Return(writer, buffer);
        }
    }

    private static (Utf8JsonWriter Writer, ArrayBufferWriter<byte> Buffer) Rent()
    {
        var (writer, buffer) = (_idleWriter, _idleBuffer);
        (_idleWriter, _idleBuffer) = (null, null);
        if (writer is null || buffer is null)
        {
            buffer = new ArrayBufferWriter<byte>(4096);
            return (new Utf8JsonWriter(buffer), buffer);
        }

        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        return (writer, buffer);
    }

    private static void Return(Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer)
    {
        const int kept = 64 << 10;
        if (buffer.Capacity <= kept)
        {
            (_idleWriter, _idleBuffer) = (writer, buffer);
        }
    }
}
