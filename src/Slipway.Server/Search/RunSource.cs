using Slipway.Server.Search.Grammar;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>One way to come by the runs that a search looks at, by the index that it walks.</summary>
/// <param name="From">The tables; the run is <c>r</c>.</param>
/// <param name="Run">The run's internal id in the first of them.</param>
/// <param name="Where">What ties the tables together and to the query.</param>
internal sealed record RunSource(Sql From, Sql Run, Sql Where)
{
    /// <summary>The clause that all of these runs meet.</summary>
    public Clause? Met { get; init; }

    /// <summary>The metric whose values stand in <c>m.value</c>.</summary>
    public string? Metric { get; init; }

    /// <summary>Whether the index gives them newest first.</summary>
    public bool IsInStartOrder { get; init; }

    /// <summary>Selects something for each of them, without looking at their rows.</summary>
    public Sql? Counted { get; init; }

    /// <summary>All runs of some experiments.</summary>
    public static RunSource OfExperiments(IReadOnlyCollection<long> experiments) => new(Sql.Of($"runs r"), Sql.Of($"r.id"), In(Sql.Of($"r.experiment"), experiments))
    {
        Counted = Sql.Of($"runs r where {In(Sql.Of($"r.experiment"), experiments)}"),
    };

    /// <summary>The newest first: of one experiment, or of all when there are several.</summary>
    public static RunSource Newest(IReadOnlyCollection<long> experiments, Dialect dialect) => new(
        Sql.Of($"runs r"),
        Sql.Of($"r.id"),
        In(experiments.Count == 1 ? Sql.Of($"r.experiment") : dialect.NoIndex(Sql.Of($"r.experiment")), experiments))
    {
        IsInStartOrder = true,
    };

    /// <summary>Those that the filter names by their ids.</summary>
    public static RunSource Named(IReadOnlyCollection<long> experiments, Dialect dialect) => new(
        Sql.Of($"runs r"),
        Sql.Of($"r.id"),
        In(dialect.NoIndex(Sql.Of($"r.experiment")), experiments));

    /// <summary>Those that meet a clause for which there is an index; null when there is none.</summary>
    public static RunSource? Meeting(Clause clause, IReadOnlyCollection<long> experiments, Dialect dialect)
    {
        var met = clause switch
        {
            { Subject: Subject.Tag, Condition: TextCondition { Comparator: Comparator.Equal, Values: [var value] } } => Tagged(clause.Name, value),
            { Subject: Subject.Attribute, Name: RunVocabulary.RunName, Condition: TextCondition { Comparator: Comparator.Equal, Values: [var value] } } => Tagged(RunVocabulary.NameTag, value),
            { Subject: Subject.Metric, Condition: NumberCondition { Comparator: not Comparator.NotEqual } condition } =>
                Sql.Of($"latest_metrics d where d.key = {clause.Name} and d.is_nan in (0, 1) and {condition.On(Sql.Of($"d.value"), dialect)}"),
            _ => null,
        };
        return met is null
            ? null
            : new RunSource(Sql.Of($"(select d.run from {met}) d cross join runs r"), Sql.Of($"d.run"), Sql.Of($"r.id = d.run and {In(dialect.NoIndex(Sql.Of($"r.experiment")), experiments)}"))
            {
                Met = clause,
                Counted = met,
            };
    }

    /// <summary>Counts its runs, up to a limit.</summary>
    public Sql Count(long limit) => Sql.Of($"select count(*) from (select 1 from {Counted!} limit {limit}) counted");

    public static Sql In(Sql column, IReadOnlyCollection<long> experiments) =>
        experiments.Count == 1 ? Sql.Of($"{column} = {experiments.First()}") : Sql.Of($"{column} in {experiments}");

    // The index holds the beginnings of values only.
    private static Sql Tagged(string key, string value) =>
        Sql.Of($"run_tags d where d.key = {key} and substr(d.value, 1, 64) = substr({value}, 1, 64) and d.value = {value}");
}
