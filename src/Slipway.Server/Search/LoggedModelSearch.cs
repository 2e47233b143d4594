using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Finds logged models.</summary>
internal static class LoggedModelSearch
{
    private const int MaxDatasets = 100;
    private const int MaxPairs = 4096;

    private static readonly PageSize Size = new(WhenAbsent: 50, Most: 1000);

    /// <summary>One page of the models that match, in order. Deleted ones never do.</summary>
    /// <exception cref="Fault">The query is wrong, or its page token belongs to another.</exception>
    public static async Task<Page> FindAsync(Reader reader, LoggedModelQuery query, CancellationToken cancellationToken)
    {
        var size = Size.Of(query.MaxResults);
        var experiments = ExperimentSet.Of(query.ExperimentIds);
        var clauses = LoggedModelVocabulary.Words.ReadFilter(query.Filter);
        var ordering = LoggedModelOrder.Read(query.OrderBy);
        var datasets = OnDatasets(query.Datasets ?? []);
        var fingerprint = FingerprintOf(query, experiments);
        var after = PageToken.Decode(query.PageToken, fingerprint, ordering.Types);
        var readable = await ExperimentSet.ReadableAsync(reader, experiments, query.Readable, cancellationToken);
        if (readable.Count == 0)
        {
            return Page.Empty;
        }

        // Each of these clauses names all of these datasets.
        if (clauses.Count(clause => clause.Subject == Subject.Metric) * (query.Datasets?.Count ?? 0) > MaxPairs)
        {
            throw Fault.Invalid($"The metric clauses of a filter times its datasets may be at most {MaxPairs}.");
        }

        var conditions = clauses.Select(clause => Condition(clause, datasets, reader.Dialect)).ToList();
        if (datasets is not null && !clauses.Any(clause => clause.Subject == Subject.Metric))
        {
            conditions.Add(Sql.Of($"exists (select 1 from logged_model_metrics f where f.model = l.id and {datasets})"));
        }

        var source = Sql.Of($"from logged_models l where l.experiment in {readable} and l.deleted_at is null and {Conjunction.Of(conditions)}");
        return await new PageReader(reader, fingerprint, size).ReadAsync(new Segment(Sql.Of($"l.id"), source, [], ordering), after, cancellationToken);
    }

    // Any point of a metric counts here, not only the latest.
    private static Sql Condition(Clause clause, Sql? datasets, Dialect dialect) => clause.Subject switch
    {
        Subject.Attribute => clause.Condition.On(Column(clause.Name), dialect),
        Subject.Metric => clause.Condition.OnAny(Sql.Of($"logged_model_metrics f where f.model = l.id and f.key = {clause.Name} and {datasets ?? Sql.Of($"1 = 1")}"), Sql.Of($"f.value"), dialect),
        Subject.Param => clause.Condition.OnAny(Sql.Of($"logged_model_params f where f.model = l.id and f.key = {clause.Name}"), Sql.Of($"f.value"), dialect),
        _ => clause.Condition.OnAny(Sql.Of($"logged_model_tags f where f.model = l.id and f.key = {clause.Name}"), Sql.Of($"f.value"), dialect),
    };

    private static Sql Column(string name) => name switch
    {
        "status" => LoggedModelStatus.Column,
        "experiment_id" => Sql.Of($"cast(l.experiment as text)"),
        _ => LoggedModelOrder.Attribute(name, descending: false).Expression,
    };

    private static Sql? OnDatasets(IReadOnlyList<DatasetName> datasets)
    {
        if (datasets.Count > MaxDatasets)
        {
            throw Fault.Invalid($"'datasets' may have at most {MaxDatasets} entries.");
        }

        return datasets.Count == 0 ? null : Sql.Of($"({Sql.Join(" or ", datasets.Select(OnDataset))})");
    }

    private static Sql OnDataset(DatasetName dataset)
    {
        if (string.IsNullOrEmpty(dataset.Name))
        {
            throw Fault.Invalid("`dataset_name` in the `datasets` clause must be specified.");
        }

        if (!SearchText.IsStorable(dataset.Name + dataset.Digest))
        {
            throw Fault.Invalid("'datasets' must be valid Unicode without the character U+0000.");
        }

        return string.IsNullOrEmpty(dataset.Digest)
            ? Sql.Of($"f.dataset_name = {dataset.Name}")
            : Sql.Of($"(f.dataset_name = {dataset.Name} and f.dataset_digest = {dataset.Digest})");
    }

    private static string FingerprintOf(LoggedModelQuery query, IEnumerable<long> experiments) => Fingerprint.Of(
    [
        "logged_models",
        query.Filter ?? "",
        Fingerprint.Of(experiments.Order()),
        .. (query.Datasets ?? []).SelectMany(dataset => new[] { "dataset", dataset.Name, dataset.Digest }),
        .. (query.OrderBy ?? []).SelectMany(item => new[] { "order", item.FieldName, item.Ascending ? "asc" : "desc", item.DatasetName, item.DatasetDigest }),
    ]);
}
