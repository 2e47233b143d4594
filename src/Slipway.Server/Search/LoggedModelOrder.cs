using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>The order of a logged-model search, as columns of the row <c>l</c>.</summary>
internal static class LoggedModelOrder
{
    private const string MetricPrefix = "metrics.";
    private const int MaxItems = 30;

    public static Ordering Read(IReadOnlyList<LoggedModelOrderItem>? items)
    {
        if (items?.Count > MaxItems)
        {
            throw Fault.Invalid($"'order_by' may have at most {MaxItems} items.");
        }

        var columns = (items ?? []).SelectMany(Columns).ToList();
        if (!(items ?? []).Any(item => LoggedModelVocabulary.Orders.GetValueOrDefault(item.FieldName) == LoggedModelVocabulary.Created))
        {
            columns.Add(Attribute(LoggedModelVocabulary.Created, descending: true));
        }

        columns.Add(new SortColumn(Sql.Of($"l.id"), Descending: true, ColumnType.Int64));
        return new Ordering(columns);
    }

    public static SortColumn Attribute(string name, bool descending) => name switch
    {
        "name" => new SortColumn(Sql.Of($"l.name"), descending, ColumnType.Text),
        "model_id" => new SortColumn(Sql.Of($"l.model_id"), descending, ColumnType.Text),
        "model_type" => new SortColumn(Sql.Of($"l.model_type"), descending, ColumnType.Text),
        "source_run_id" => new SortColumn(Sql.Of($"l.source_run_id"), descending, ColumnType.Text),
        "experiment_id" => new SortColumn(Sql.Of($"l.experiment"), descending, ColumnType.Int64),
        "status" => new SortColumn(Sql.Of($"l.status"), descending, ColumnType.Int64),
        LoggedModelVocabulary.Created => new SortColumn(Sql.Of($"l.created_at"), descending, ColumnType.Int64),
        _ => new SortColumn(Sql.Of($"l.updated_at"), descending, ColumnType.Int64),
    };

    private static IEnumerable<SortColumn> Columns(LoggedModelOrderItem item)
    {
        if (!SearchText.IsStorable(string.Concat(item.FieldName, item.DatasetName, item.DatasetDigest)))
        {
            throw Fault.Invalid("'order_by' must be valid Unicode without the character U+0000.");
        }

        if (LoggedModelVocabulary.Orders.TryGetValue(item.FieldName, out var name))
        {
            return [Attribute(name, !item.Ascending)];
        }

        return item.FieldName.StartsWith(MetricPrefix, StringComparison.Ordinal) && item.FieldName.Length > MetricPrefix.Length
            ? Metric(item.FieldName[MetricPrefix.Length..], item)
            : throw Fault.Invalid($"Invalid order by field name: '{SearchText.Shown(item.FieldName)}'. Use metrics.<key> or one of {string.Join(", ", LoggedModelVocabulary.Orders.Keys)}.");
    }

    /// <remarks>A leading rank puts NaN behind the numbers and the missing behind everything, in both directions.</remarks>
    private static SortColumn[] Metric(string key, LoggedModelOrderItem item)
    {
        var points = Sql.Of($"logged_model_metrics f where f.model = l.id and f.key = {key}{OnDataset(item)} order by f.timestamp desc, f.step desc, f.value desc, f.is_nan limit 1");
        return
        [
            new SortColumn(Sql.Of($"coalesce((select f.is_nan from {points}), 2)"), Descending: false, ColumnType.Int64),
            new SortColumn(Sql.Of($"coalesce((select f.value from {points}), 0.0)"), !item.Ascending, ColumnType.Double),
        ];
    }

    private static Sql OnDataset(LoggedModelOrderItem item)
    {
        var name = string.IsNullOrEmpty(item.DatasetName) ? Sql.Of($"") : Sql.Of($" and f.dataset_name = {item.DatasetName}");
        return string.IsNullOrEmpty(item.DatasetDigest) ? name : Sql.Of($"{name} and f.dataset_digest = {item.DatasetDigest}");
    }
}
