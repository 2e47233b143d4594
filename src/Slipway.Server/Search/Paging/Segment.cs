using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Search.Paging;

/// <summary>A part of a result whose first sort values are the same for all rows, so that the parts follow one another.</summary>
/// <param name="Id">The internal id of a row.</param>
/// <param name="Source">From <c>from</c> to the last condition.</param>
/// <param name="Prefix">The first sort values, which all rows of the part share.</param>
/// <param name="Ordering">The rest.</param>
internal sealed record Segment(Sql Id, Sql Source, IReadOnlyList<object> Prefix, Ordering Ordering)
{
    /// <summary>Reads some rows, from the first one behind the given sort values if there are any.</summary>
    public Task<List<Row>> ReadAsync(Reader reader, IReadOnlyList<object>? after, int count, CancellationToken cancellationToken)
    {
        var behind = after is null ? Sql.Of($"") : Sql.Of($" and {Ordering.IsBehind([.. after.Skip(Prefix.Count)])}");
        return reader.ListAsync($"select {Id}, {Ordering.Selected} {Source}{behind} order by {Ordering.OrderBy} limit {SqlNumber.Of(count)}", Map, cancellationToken);
    }

    private Row Map(DbDataReader row) => new(row.GetInt64(0), [.. Prefix, .. Ordering.Columns.Select((column, index) => column.Read(row, index + 1))]);
}

/// <summary>A found row with its sort values.</summary>
internal sealed record Row(long Id, IReadOnlyList<object> Values);
