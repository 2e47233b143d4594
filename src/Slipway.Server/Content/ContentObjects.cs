using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Every statement that touches <c>content_objects</c> and <c>content_segments</c>.</summary>
internal static class ContentObjects
{
    public static Task<ContentObject?> FindAsync(Reader reader, string sha256, CancellationToken cancellationToken) =>
        reader.FindAsync($"select id, sha256, size, seal from content_objects where sha256 = {sha256}", Map, cancellationToken);

    /// <summary>Makes an object of the segments that are written down under its id, or drops them when its content is known already.</summary>
    public static async Task CompleteAsync(Writer writer, ContentObject content, long at, CancellationToken cancellationToken)
    {
        if (await AddAsync(writer, content, at, cancellationToken) != content.Id)
        {
            await RemoveSegmentsAsync(writer, content.Id, cancellationToken);
        }
    }

    /// <summary>Writes the object down unless its content is known already, and answers the id that it has.</summary>
    public static Task<long> AddAsync(Writer writer, ContentObject content, long at, CancellationToken cancellationToken) =>
        writer.FindAsync($"""
            insert into content_objects (id, sha256, size, seal, touched_at)
            values ({content.Id}, {content.Sha256}, {content.Size}, {content.Seal}, {at})
            on conflict (sha256) do update set touched_at = {Later(Sql.Of($"content_objects.touched_at"), at)}
            returning id
            """, row => row.GetInt64(0), cancellationToken);

    /// <summary>Begins the grace of contents that something begins or ceases to refer to.</summary>
    public static Task TouchAsync(Writer writer, Sql references, long at, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"update content_objects set touched_at = {Later(Sql.Of($"touched_at"), at)} where sha256 in ({references})", cancellationToken);

    public static Task AddSegmentAsync(Writer writer, long objectId, Segment segment, CancellationToken cancellationToken) =>
        writer.ExecuteAsync(
            $"insert into content_segments (object, start, parts, seal) values ({objectId}, {segment.Start}, {segment.Parts}, {segment.Seal})",
            cancellationToken);

    public static Task RemoveSegmentsAsync(Writer writer, long objectId, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from content_segments where object = {objectId}", cancellationToken);

    /// <summary>The segment that holds the byte at a position.</summary>
    public static Task<Segment?> FindSegmentAsync(Reader reader, long objectId, long position, CancellationToken cancellationToken) =>
        reader.FindAsync(
            $"select start, parts, seal from content_segments where object = {objectId} and start <= {position} order by start desc limit 1",
            row => new Segment(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetString(2)),
            cancellationToken);

    // Never the same twice: a sweep removes an object only with the time at which it saw that nothing referred to it.
    private static Sql Later(Sql touchedAt, long at) => Sql.Of($"case when {touchedAt} < {at} then {at} else {touchedAt} + 1 end");

    private static ContentObject Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3));
}
