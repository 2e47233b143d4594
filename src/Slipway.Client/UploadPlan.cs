using System.Security.Cryptography;
using Slipway.Wire.Content;

namespace Slipway.Client;

/// <summary>Cuts a file into chunks as the server does, and tells request by request which of them are sent and which the base has.</summary>
internal sealed class UploadPlan(Stream file, IReadOnlyDictionary<string, long> baseChunks)
{
    private const long BytesAtOnce = 32 << 20;
    private const int RunsAtOnce = 4096;

    /// <summary>Everything from a position on, where a chunk has to begin.</summary>
    public async IAsyncEnumerable<IReadOnlyList<UploadRun>> RequestsAsync(long position, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        file.Position = position;
        using var reader = new ChunkReader(file);
        var runs = new List<UploadRun>();
        var bytes = 0L;
        while (await reader.NextAsync(cancellationToken) is { } batch)
        {
            var resume = file.Position;
            var start = 0;
            foreach (var length in batch.Lengths)
            {
                var run = Find(batch.Bytes.Span.Slice(start, length));
                Append(runs, run);
                start += length;
                bytes += run.BaseStart is null ? length : 0;
                if (bytes >= BytesAtOnce || runs.Count >= RunsAtOnce)
                {
                    yield return runs;
                    (runs, bytes) = ([], 0);

                    // Whoever sent that read the file elsewhere.
                    file.Position = resume;
                }
            }
        }

        if (runs.Count > 0)
        {
            yield return runs;
        }
    }

    private UploadRun Find(ReadOnlySpan<byte> chunk) =>
        new(chunk.Length, baseChunks.TryGetValue(Convert.ToHexStringLower(SHA256.HashData(chunk)), out var start) ? start : null);

    private static void Append(List<UploadRun> runs, UploadRun next)
    {
        var last = runs.Count > 0 ? runs[^1] : null;
        var goesOn = last is not null && (last.BaseStart is { } start ? next.BaseStart == start + last.Length : next.BaseStart is null);
        if (goesOn)
        {
            runs[^1] = last! with { Length = last.Length + next.Length };
        }
        else
        {
            runs.Add(next);
        }
    }
}
