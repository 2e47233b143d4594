using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Finds versions of registered models, or of prompts.</summary>
internal static class ModelVersionSearch
{
    private const string Name = "name";
    private const string Version = "version_number";
    private const string Created = "creation_timestamp";
    private const string Updated = "last_updated_timestamp";

    private static readonly PageSize Size = new(WhenAbsent: 200_000, Most: 200_000);

    private static readonly Vocabulary Words = new()
    {
        Entities = new Dictionary<string, Subject> { ["attribute"] = Subject.Attribute, ["tag"] = Subject.Tag, ["tags"] = Subject.Tag },
        Attributes = new Dictionary<string, Operand>
        {
            [Name] = Operand.Text(Comparators.Texts, Name),
            ["source_path"] = Operand.Text(Comparators.Texts, "source_path"),
            ["run_id"] = Operand.Text(Comparators.TextsAndIn, "run_id"),
            [Version] = new QuotableNumberOperand(Version),
        },
        Keyed = new Dictionary<Subject, Operand> { [Subject.Tag] = Operand.Text(Comparators.Texts) },
        Orders = new Dictionary<string, string> { [Name] = Name, [Version] = Version, [Created] = Created, [Updated] = Updated },
        AllowsQuotedAttributes = false,
    };

    /// <summary>One page of the versions that match, in order. Deleted ones never do.</summary>
    /// <exception cref="Fault">The query is wrong, or its page token belongs to another.</exception>
    public static Task<Page> FindAsync(Reader reader, RegistryQuery query, CancellationToken cancellationToken)
    {
        var size = Size.Of(query.MaxResults);
        var (clauses, hidesPrompts) = PromptRule.Of(Words.ReadFilter(query.Filter));
        var conditions = clauses.Select(clause => Condition(clause, reader.Dialect)).Prepend(hidesPrompts ? IsOfNoPrompt : Sql.Of($"1 = 1")).Prepend(query.Readable(Sql.Of($"v.model")) ?? Sql.Of($"1 = 1"));
        var ordering = new Ordering([.. Keys(query.OrderBy).Select(key => Column(key.Name, key.Descending))]);
        var fingerprint = Fingerprint.Of(["model_versions", query.Filter ?? "", .. query.OrderBy ?? []]);
        var segment = new Segment(
            Sql.Of($"v.id"),
            Sql.Of($"from model_versions v join registered_models m on m.id = v.model where v.stage is not null and {Conjunction.Of([.. conditions])}"),
            [],
            ordering);
        return new PageReader(reader, fingerprint, size).ReadAsync(segment, PageToken.Decode(query.PageToken, fingerprint, ordering.Types), cancellationToken);
    }

    // One version with the tag makes a prompt of all. Asked once for the whole search, not once for every version.
    private static Sql IsOfNoPrompt => Sql.Of($"""
        v.model not in (select p.model from model_version_tags t join model_versions p on p.id = t.version
        where t.key = {PromptRule.Tag} and t.value = {PromptRule.Yes})
        """);

    private static List<OrderKey> Keys(IReadOnlyList<string>? items)
    {
        var keys = (items ?? []).Select(Words.ReadOrder).ToList();
        OrderKeys.CheckDistinct(keys);
        if (keys.Count == 0)
        {
            OrderKeys.Append(keys, Updated, descending: true);
        }

        OrderKeys.Append(keys, Name, descending: false);
        OrderKeys.Append(keys, Version, descending: true);
        return keys;
    }

    private static Sql Condition(Clause clause, Dialect dialect) => clause switch
    {
        { Subject: Subject.Tag } => clause.Condition.OnAny(Sql.Of($"model_version_tags f where f.version = v.id and f.key = {clause.Name}"), Sql.Of($"f.value"), dialect),
        { Name: "source_path" } => clause.Condition.On(Sql.Of($"v.source"), dialect),
        { Name: "run_id" } => clause.Condition.On(Sql.Of($"v.run_id"), dialect),
        _ => clause.Condition.On(Column(clause.Name, descending: false).Expression, dialect),
    };

    private static SortColumn Column(string name, bool descending) => name switch
    {
        Name => new SortColumn(Sql.Of($"m.name"), descending, ColumnType.Text),
        Version => new SortColumn(Sql.Of($"v.version"), descending, ColumnType.Int64),
        Created => new SortColumn(Sql.Of($"v.created_at"), descending, ColumnType.Int64),
        _ => new SortColumn(Sql.Of($"v.updated_at"), descending, ColumnType.Int64),
    };
}
