using Slipway.Store;
using Slipway.Wire.Content;

namespace Slipway.Server.Content;

/// <summary>Reads one request of an upload: runs of bytes, and runs of the base's chunks.</summary>
internal sealed class UploadRuns(ContentStore store, UploadRow row, ContentIntake intake)
{
    /// <summary>Takes in all runs of a body.</summary>
    /// <exception cref="Fault">They are more than was announced, or name what is no chunk of the base.</exception>
    public async Task ReceiveAsync(Stream body, CancellationToken cancellationToken)
    {
        var header = new byte[UploadRun.HeaderLength];
        while (await body.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken) is var read and > 0)
        {
            var run = read == header.Length ? UploadRun.TryRead(header) : null;
            await TakeAsync(run ?? throw Fault.Invalid("The body is no list of runs: see 'Uploads that send only what is missing' in docs/content-store.md."), body, cancellationToken);
        }
    }

    private async Task TakeAsync(UploadRun run, Stream body, CancellationToken cancellationToken)
    {
        if (run.Length > row.Expected.Size - intake.Size)
        {
            throw Fault.Invalid($"More was sent than the {row.Expected.Size} bytes that were announced.");
        }

        if (run.BaseStart is { } start)
        {
            await CopyAsync(start, start + run.Length, cancellationToken);
            return;
        }

        // Else many small runs would fill the index with what is hardly a chunk.
        if (run.Length <= Chunker.Least && run.Length < row.Expected.Size - intake.Size)
        {
            throw Fault.Invalid($"A run of {run.Length} bytes is shorter than a chunk, and not the last.");
        }

        await using var bytes = new RunStream(body, run.Length);
        await intake.ReceiveAsync(bytes, null, cancellationToken);
        if (bytes.Left > 0)
        {
            throw Fault.Invalid("The body ends in the middle of a run.");
        }
    }

    private async Task CopyAsync(long start, long end, CancellationToken cancellationToken)
    {
        while (start < end)
        {
            var parts = await store.Database.ReadAsync(reader => PartsAsync(reader, start, end, cancellationToken), cancellationToken);
            start += parts.Sum(part => (long)part.Length);
            await intake.AppendAsync(parts, cancellationToken);
        }
    }

    /// <summary>The chunks from a position of the base on, as far as one segment tells them, but no further than the end.</summary>
    private async Task<IReadOnlyList<Part>> PartsAsync(Reader reader, long start, long end, CancellationToken cancellationToken)
    {
        var from = row.Base ?? throw Fault.Invalid("The upload has no base.");
        var content = await ContentObjects.FindAsync(reader, from.Sha256, cancellationToken);
        var segment = content is null ? null : await ContentObjects.FindSegmentAsync(reader, content.Id, start, cancellationToken);
        if (segment?.IsTrueOf(content!.Id) != true)
        {
            throw Gone();
        }

        var parts = Between(new ObjectMap(segment), start, end);
        return await ContentChunks.AreKeptAsync(reader, [.. parts.Select(part => part.Chunk).Distinct()], cancellationToken) ? parts : throw Gone();
    }

    private static List<Part> Between(ObjectMap map, long start, long end)
    {
        var first = map.Holds(start) ? map.IndexOf(start) : 0;
        var parts = new List<Part>();
        for (var index = first; index < map.Parts.Count && map.StartOf(index + 1) <= end; index++)
        {
            parts.Add(map.Parts[index]);
        }

        return parts.Count > 0 && map.StartOf(first) == start ? parts : throw Fault.Invalid("A run of the base begins or ends in the middle of a chunk, or outside of it.");
    }

    private static Fault Gone() => Fault.Conflict("The base is not kept any more. Begin the upload again, upon another or none.");
}
