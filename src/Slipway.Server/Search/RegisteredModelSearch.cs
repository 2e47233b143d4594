using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Finds registered models, or prompts.</summary>
internal static class RegisteredModelSearch
{
    private const string Updated = "last_updated_timestamp";

    private static readonly PageSize Size = new(WhenAbsent: 100, Most: 1000);

    private static readonly Vocabulary Words = new()
    {
        Entities = new Dictionary<string, Subject> { ["attribute"] = Subject.Attribute, ["tag"] = Subject.Tag, ["tags"] = Subject.Tag },
        Attributes = new Dictionary<string, Operand> { ["name"] = Operand.Text(Comparators.Texts, "name") },
        Keyed = new Dictionary<Subject, Operand> { [Subject.Tag] = Operand.Text(Comparators.Texts) },
        Orders = new Dictionary<string, string> { ["name"] = "name", ["timestamp"] = Updated, [Updated] = Updated },
        AllowsQuotedAttributes = false,
        AllowsEntityInOrders = false,
    };

    /// <summary>One page of the models that match, in order.</summary>
    /// <exception cref="Fault">The query is wrong, or its page token belongs to another.</exception>
    public static Task<Page> FindAsync(Reader reader, RegistryQuery query, CancellationToken cancellationToken)
    {
        var size = Size.Of(query.MaxResults);
        var (clauses, hidesPrompts) = PromptRule.Of(Words.ReadFilter(query.Filter));
        var conditions = clauses.Select(clause => Condition(clause, reader.Dialect)).Prepend(hidesPrompts ? IsNoPrompt : Sql.Of($"1 = 1")).Prepend(query.Readable(Sql.Of($"m.id")) ?? Sql.Of($"1 = 1"));
        var ordering = new Ordering([.. Keys(query.OrderBy).Select(Column)]);
        var fingerprint = Fingerprint.Of(["registered_models", query.Filter ?? "", .. query.OrderBy ?? []]);
        var segment = new Segment(Sql.Of($"m.id"), Sql.Of($"from registered_models m where {Conjunction.Of([.. conditions])}"), [], ordering);
        return new PageReader(reader, fingerprint, size).ReadAsync(segment, PageToken.Decode(query.PageToken, fingerprint, ordering.Types), cancellationToken);
    }

    private static Sql IsNoPrompt =>
        Sql.Of($"not exists (select 1 from registered_model_tags p where p.model = m.id and p.key = {PromptRule.Tag} and p.value = {PromptRule.Yes})");

    private static List<OrderKey> Keys(IReadOnlyList<string>? items)
    {
        var keys = (items ?? []).Select(Words.ReadOrder).ToList();
        OrderKeys.CheckDistinct(keys);
        OrderKeys.Append(keys, "name", descending: false);
        return keys;
    }

    private static Sql Condition(Clause clause, Dialect dialect) => clause.Subject == Subject.Tag
        ? clause.Condition.OnAny(Sql.Of($"registered_model_tags f where f.model = m.id and f.key = {clause.Name}"), Sql.Of($"f.value"), dialect)
        : clause.Condition.On(Sql.Of($"m.name"), dialect);

    private static SortColumn Column(OrderKey key) => key.Name == Updated
        ? new SortColumn(Sql.Of($"m.updated_at"), key.Descending, ColumnType.Int64)
        : new SortColumn(Sql.Of($"m.name"), key.Descending, ColumnType.Text);
}
