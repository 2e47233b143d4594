using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Every statement that touches <c>content_erasures</c>: contents that were purged, and go with the next sweep unless something else refers to them.</summary>
internal static class ContentErasures
{
    /// <summary>A condition on <c>content_objects</c>.</summary>
    public static readonly Sql IsPurged = Sql.Of($"exists (select 1 from content_erasures e where e.sha256 = content_objects.sha256)");

    /// <summary>Asks that contents be erased to which this transaction ends a reference.</summary>
    public static async Task AskForAsync(Writer writer, Sql references, long at, CancellationToken cancellationToken)
    {
        await ContentObjects.TouchAsync(writer, references, at, cancellationToken);
        await writer.ExecuteAsync($"insert into content_erasures (sha256) select o.sha256 from content_objects o where o.sha256 in ({references}) on conflict (sha256) do nothing", cancellationToken);
    }

    /// <summary>Has the packs copied in which an object's chunks are: a chunk that is only forgotten is still in its pack.</summary>
    public static async Task CarryOutAsync(Writer writer, long objectId, string sha256, CancellationToken cancellationToken)
    {
        var chunks = new HashSet<long>();
        await writer.EachAsync($"select parts from content_segments where object = {objectId}", row => Part.EachChunk(row.GetFieldValue<byte[]>(0), chunk => chunks.Add(chunk)), cancellationToken);
        foreach (var some in chunks.Chunk(512))
        {
            await writer.ExecuteAsync($"update content_packs set erases = 1 where id in (select pack from content_chunks where id in {some})", cancellationToken);
        }

        await writer.ExecuteAsync($"delete from content_erasures where sha256 = {sha256}", cancellationToken);
    }
}
