using Slipway.Server.Search.Grammar;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Clauses about a run, as SQL about the row <c>r</c> of <c>runs</c>.</summary>
internal static class RunConditions
{
    public static Sql Of(Clause clause, Dialect dialect)
    {
        var (name, condition) = (clause.Name, clause.Condition);
        return clause.Subject switch
        {
            Subject.Attribute when name == RunVocabulary.RunName => OfTag(RunVocabulary.NameTag, condition, dialect),
            Subject.Attribute => condition.On(Column(name), dialect),
            Subject.Metric => Sql.Of($"exists (select 1 from latest_metrics f where f.run = r.id and f.key = {name} and {condition.On(Sql.Of($"f.value"), dialect)})"),
            Subject.Param => OfParam(name, condition, dialect),
            Subject.Tag => OfTag(name, condition, dialect),
            _ => OfDataset(name, condition, dialect),
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

    private static Sql OfParam(string key, Condition condition, Dialect dialect) => condition is PresenceCondition presence
        ? Sql.Of($"{Exists(presence)} (select 1 from params f where f.run = r.id and f.key = {key})")
        : Sql.Of($"exists (select 1 from params f where f.run = r.id and f.key = {key} and {condition.On(Sql.Of($"f.value"), dialect)})");

    private static Sql OfTag(string key, Condition condition, Dialect dialect) => condition is PresenceCondition presence
        ? Sql.Of($"{Exists(presence)} (select 1 from run_tags f where f.run = r.id and f.key = {key})")
        : Sql.Of($"exists (select 1 from run_tags f where f.run = r.id and f.key = {key} and {condition.On(Sql.Of($"f.value"), dialect)})");

    // Several clauses may be met by different inputs of a run.
    private static Sql OfDataset(string field, Condition condition, Dialect dialect) => field switch
    {
        RunVocabulary.DatasetContext => Sql.Of($"exists (select 1 from run_dataset_tags f where f.run = r.id and f.key = {"mlflow.data.context"} and {condition.On(Sql.Of($"f.value"), dialect)})"),
        _ => Sql.Of($"exists (select 1 from run_datasets i join input_datasets f on f.id = i.dataset where i.run = r.id and {condition.On(field == "name" ? Sql.Of($"f.name") : Sql.Of($"f.digest"), dialect)})"),
    };

    private static Sql Exists(PresenceCondition presence) => presence.IsPresent ? Sql.Of($"exists") : Sql.Of($"not exists");
}
