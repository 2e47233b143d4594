using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>The order of a run search: what was asked for, then what breaks ties.</summary>
internal sealed record RunOrder(IReadOnlyList<OrderKey> Keys)
{
    private const int MaxKeys = 30;

    public bool IsByStart => Keys[0] is { Subject: Subject.Attribute, Name: RunVocabulary.StartTime };

    public bool IsByMetric => Keys[0].Subject == Subject.Metric;

    public IReadOnlyList<ColumnType> Types => [.. Keys.SelectMany(TypesOf)];

    public static RunOrder Read(IReadOnlyList<string>? items)
    {
        if (items?.Count > MaxKeys)
        {
            throw Fault.Invalid($"'order_by' may have at most {MaxKeys} items.");
        }

        var keys = (items ?? []).Select(RunVocabulary.Words.ReadOrder).ToList();
        OrderKeys.CheckDistinct(keys);
        OrderKeys.Append(keys, RunVocabulary.StartTime, descending: true);
        OrderKeys.Append(keys, RunVocabulary.RunId, descending: false);
        return new RunOrder(keys);
    }

    /// <summary>The columns of a key, whose table, if it needs one, is joined under the alias.</summary>
    /// <remarks>A leading rank puts NaN behind the numbers and the missing behind everything, in both directions.</remarks>
    public static IEnumerable<SortColumn> Columns(OrderKey key, Sql alias, Func<Sql, Sql> ownColumn) => key switch
    {
        { Subject: Subject.Metric } =>
        [
            new SortColumn(Sql.Of($"case when {alias}.run is null then 2 else {alias}.is_nan end"), Descending: false, ColumnType.Int64),
            new SortColumn(Sql.Of($"coalesce({alias}.value, 0.0)"), key.Descending, ColumnType.Double),
        ],
        { Subject: Subject.Param or Subject.Tag } =>
        [
            new SortColumn(Sql.Of($"case when {alias}.run is null then 1 else 0 end"), Descending: false, ColumnType.Int64),
            new SortColumn(Sql.Of($"coalesce({alias}.value, '')"), key.Descending, ColumnType.Text),
        ],
        { Name: RunVocabulary.EndTime } =>
        [
            new SortColumn(Sql.Of($"case when r.end_time is null then 1 else 0 end"), Descending: false, ColumnType.Int64),
            new SortColumn(Sql.Of($"coalesce(r.end_time, 0)"), key.Descending, ColumnType.Int64),
        ],
        _ => [new SortColumn(ownColumn(RunConditions.Column(key.Name)), key.Descending, TypesOf(key)[0])],
    };

    /// <summary>Joins the table that holds a key's values.</summary>
    public static Sql Join(OrderKey key, Sql alias) => key.Subject switch
    {
        Subject.Metric => Sql.Of($" left join latest_metrics {alias} on {alias}.run = r.id and {alias}.key = {key.Name}"),
        Subject.Param => Sql.Of($" left join params {alias} on {alias}.run = r.id and {alias}.key = {key.Name}"),
        Subject.Tag => Sql.Of($" left join run_tags {alias} on {alias}.run = r.id and {alias}.key = {key.Name}"),
        _ => Sql.Of($""),
    };

    private static IReadOnlyList<ColumnType> TypesOf(OrderKey key) => key switch
    {
        { Subject: Subject.Metric } => [ColumnType.Int64, ColumnType.Double],
        { Subject: Subject.Param or Subject.Tag } => [ColumnType.Int64, ColumnType.Text],
        { Name: RunVocabulary.EndTime } => [ColumnType.Int64, ColumnType.Int64],
        { Name: RunVocabulary.StartTime } => [ColumnType.Int64],
        _ => [ColumnType.Text],
    };
}
