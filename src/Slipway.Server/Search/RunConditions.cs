using Slipway.Server.Search.Grammar;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Clauses about a run, as SQL.</summary>
/// <param name="run">The run's internal id, in the table that is read first: then a run may be out before its own row is read.</param>
/// <param name="dialect">The database's own words.</param>
internal sealed class RunConditions(Sql run, Dialect dialect)
{
    private static readonly Sql Value = Sql.Of($"f.value");

    /// <summary>All of them, the likely narrow ones first: most runs are out after one look.</summary>
    public IEnumerable<Sql> Of(IEnumerable<Clause> clauses) => clauses.OrderBy(Breadth).Select(Of);

    public Sql Of(Clause clause)
    {
        var (name, condition) = (clause.Name, clause.Condition);
        return clause.Subject switch
        {
            Subject.Attribute when name == RunVocabulary.RunName => OfTag(RunVocabulary.NameTag, condition),
            Subject.Attribute => condition.On(Column(name), dialect),
            Subject.Metric => condition.OnAny(Sql.Of($"latest_metrics f where f.run = {run} and f.key = {name}"), Value, dialect),
            Subject.Param => condition.OnAny(Sql.Of($"params f where f.run = {run} and f.key = {name}"), Value, dialect),
            Subject.Tag => OfTag(name, condition),
            _ => OfDataset(name, condition),
        };
    }

    public static Sql Column(string name) => name switch
    {
        RunVocabulary.RunId => Sql.Of($"r.run_id"),
        RunVocabulary.RunName => Sql.Of($"r.name"),
        "status" => Sql.Of($"r.status"),
        "user_id" => Sql.Of($"r.user_id"),
        "artifact_uri" => Sql.Of($"r.artifact_uri"),
        RunVocabulary.StartTime => Sql.Of($"r.start_time"),
        RunVocabulary.EndTime => Sql.Of($"r.end_time"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static int Breadth(Clause clause) => clause.Condition switch
    {
        TextCondition { Comparator: Comparator.Equal } or NeverCondition => 0,
        TextCondition { Comparator: Comparator.NotEqual or Comparator.NotIn } or PresenceCondition => 3,
        TextCondition => 1,
        _ => 2,
    };

    private Sql OfTag(string key, Condition condition) =>
        condition.OnAny(Sql.Of($"run_tags f where f.run = {run} and f.key = {key}"), Value, dialect);

    // Several clauses may be met by different inputs of a run.
    private Sql OfDataset(string field, Condition condition) => field switch
    {
        RunVocabulary.DatasetContext => condition.OnAny(Sql.Of($"run_dataset_tags f where f.run = {run} and f.key = {InputDatasets.Context}"), Value, dialect),
        "name" => condition.OnAny(Inputs, Sql.Of($"f.name"), dialect),
        _ => condition.OnAny(Inputs, Sql.Of($"f.digest"), dialect),
    };

    private Sql Inputs => Sql.Of($"run_datasets i join input_datasets f on f.id = i.dataset where i.run = {run}");
}
