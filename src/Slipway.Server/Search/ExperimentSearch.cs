using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;
using Slipway.Wire;

namespace Slipway.Server.Search;

/// <summary>Finds experiments.</summary>
internal static class ExperimentSearch
{
    private static readonly PageSize Size = new(WhenAbsent: 1000, Most: 50_000);

    private static readonly Vocabulary Words = new()
    {
        Entities = new Dictionary<string, Subject> { ["attribute"] = Subject.Attribute, ["tag"] = Subject.Tag, ["tags"] = Subject.Tag },
        Attributes = new Dictionary<string, Operand>
        {
            ["name"] = Operand.Text(Comparators.Texts, "name"),
            ["creation_time"] = Operand.Number("creation_time"),
            ["last_update_time"] = Operand.Number("last_update_time"),
        },
        Keyed = new Dictionary<Subject, Operand> { [Subject.Tag] = Operand.Text(Comparators.TextsAndPresence) },
        Orders = new Dictionary<string, string>
        {
            ["name"] = "name",
            ["experiment_id"] = "experiment_id",
            ["creation_time"] = "creation_time",
            ["last_update_time"] = "last_update_time",
        },
    };

    /// <summary>One page of the experiments that match, in order.</summary>
    /// <exception cref="Fault">The query is wrong, or its page token belongs to another.</exception>
    public static Task<Page> FindAsync(Reader reader, ExperimentQuery query, CancellationToken cancellationToken)
    {
        var size = Size.Of(query.MaxResults);
        var conditions = Words.ReadFilter(query.Filter).Select(clause => Condition(clause, reader.Dialect)).Prepend(Viewed(query.View)).Prepend(query.Readable(Sql.Of($"e.id")) ?? Sql.Of($"1 = 1"));
        var ordering = new Ordering([.. Keys(query.OrderBy).Select(key => Column(key.Name, key.Descending))]);
        var fingerprint = Fingerprint.Of(["experiments", query.Filter ?? "", query.View.ToString(), .. query.OrderBy ?? []]);
        var segment = new Segment(Sql.Of($"e.id"), Sql.Of($"from experiments e where {Conjunction.Of([.. conditions])}"), [], ordering);
        return new PageReader(reader, fingerprint, size).ReadAsync(segment, PageToken.Decode(query.PageToken, fingerprint, ordering.Types), cancellationToken);
    }

    private static List<OrderKey> Keys(IReadOnlyList<string>? items)
    {
        // A field may be repeated here; its first mention decides.
        var keys = (items ?? []).Select(Words.ReadOrder).DistinctBy(key => key.Name).ToList();
        var isGiven = keys.Count > 0;
        if (!isGiven)
        {
            OrderKeys.Append(keys, "creation_time", descending: true);
        }

        OrderKeys.Append(keys, "experiment_id", descending: isGiven);
        return keys;
    }

    private static Sql Condition(Clause clause, Dialect dialect) => clause.Subject == Subject.Tag
        ? clause.Condition.OnAny(Sql.Of($"experiment_tags f where f.experiment = e.id and f.key = {clause.Name}"), Sql.Of($"f.value"), dialect)
        : clause.Condition.On(Column(clause.Name, descending: false).Expression, dialect);

    private static SortColumn Column(string name, bool descending) => name switch
    {
        "name" => new SortColumn(Sql.Of($"e.name"), descending, ColumnType.Text),
        "creation_time" => new SortColumn(Sql.Of($"e.created_at"), descending, ColumnType.Int64),
        "last_update_time" => new SortColumn(Sql.Of($"e.updated_at"), descending, ColumnType.Int64),
        _ => new SortColumn(Sql.Of($"e.id"), descending, ColumnType.Int64),
    };

    private static Sql Viewed(ViewType view) => view switch
    {
        ViewType.ActiveOnly => Sql.Of($"e.deleted_at is null"),
        ViewType.DeletedOnly => Sql.Of($"e.deleted_at is not null"),
        _ => Sql.Of($"1 = 1"),
    };
}
