using System.Text;
using System.Text.Json;

namespace Slipway.Server.Delivery.Testing;

/// <summary>Rows of a table, ready to be sent to a model.</summary>
/// <param name="Columns">Without the label.</param>
/// <param name="Rows">Each cell as JSON.</param>
/// <param name="Labels">What is true of each row; empty when there is no such column.</param>
internal sealed record RowBatch(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Labels)
{
    /// <summary>The body of a request.</summary>
    public string ToBody()
    {
        var body = new StringBuilder("{\"dataframe_split\":{\"columns\":[").AppendJoin(',', Columns.Select(column => JsonSerializer.Serialize(column))).Append("],\"data\":[");
        body.AppendJoin(',', Rows.Select(row => $"[{string.Join(',', row)}]"));
        return body.Append("]}}").ToString();
    }

    /// <summary>The same rows over and over, as many as are wanted.</summary>
    public RowBatch Repeat(int count) => this with { Rows = [.. Enumerable.Range(0, count).Select(index => Rows[index % Rows.Count])], Labels = [] };
}
