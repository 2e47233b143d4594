using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>Reads one page of a result that is made of segments.</summary>
internal sealed class PageReader(Reader reader, string fingerprint, int size)
{
    public Task<Page> ReadAsync(Segment segment, IReadOnlyList<object>? after, CancellationToken cancellationToken) =>
        ReadAsync([segment], 0, after, cancellationToken);

    /// <summary>Reads from the segment in which the last page ended.</summary>
    public async Task<Page> ReadAsync(IReadOnlyList<Segment> segments, int first, IReadOnlyList<object>? after, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        for (var i = first; i < segments.Count && rows.Count <= size; i++)
        {
            // One more than asked for tells whether there is another page; always as many, so that statements are few.
            rows.AddRange(await segments[i].ReadAsync(reader, i == first ? after : null, size + 1, cancellationToken));
        }

        return rows.Count <= size
            ? new Page([.. rows.Select(row => row.Id)], null)
            : new Page([.. rows.Take(size).Select(row => row.Id)], PageToken.Encode(fingerprint, rows[size - 1].Values));
    }
}
