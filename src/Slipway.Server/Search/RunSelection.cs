using Slipway.Server.Search.Grammar;
using Slipway.Server.Search.Paging;
using Slipway.Store;
using Slipway.Wire;

namespace Slipway.Server.Search;

/// <summary>What a run search selects, and the statements that read it along one source or another.</summary>
internal sealed record RunSelection(IReadOnlyCollection<long> Experiments, ViewType View, IReadOnlyList<Clause> Clauses, RunOrder Order, Dialect Dialect)
{
    /// <summary>The runs of a source, sorted.</summary>
    public Segment Along(RunSource source) => Along(source, [], Order.Keys);

    /// <summary>Along the index of the first key's metric: its numbers, then its NaN, then the runs without it.</summary>
    public IReadOnlyList<Segment> AlongMetric()
    {
        var (metric, rest) = (Order.Keys[0], Order.Keys.Skip(1).ToList());
        var numbers = Along(Measured(metric.Name, isNan: 0), [0L], rest);
        var value = new SortColumn(Sql.Of($"m.value"), metric.Descending, ColumnType.Double);
        Segment[] measuredOnes = [numbers with { Ordering = new Ordering([value, .. numbers.Ordering.Columns]) }, Along(Measured(metric.Name, isNan: 1), [1L, 0.0], rest)];
        return Clauses.Any(clause => IsOwn(clause, metric.Name))
            ? measuredOnes
            : [.. measuredOnes, Along(Unmeasured(metric.Name), [2L, 0.0], rest)];
    }

    /// <summary>Counts the first entries of the order's index, and how many of them belong to the result.</summary>
    public Sql Sample(int entries)
    {
        var (key, way) = (Order.Keys[0], Order.Keys[0].Descending ? Sql.Of($" desc") : Sql.Of($""));
        var first = Order.IsByMetric
            ? Sql.Of($"select m.run from latest_metrics m where m.key = {key.Name} and m.is_nan = 0 and {Conjunction.Of([.. OwnOf(key.Name)])} order by m.value{way}")
            : Sql.Of($"select r.id as run from runs r order by r.start_time{way}");
        var conditions = new RunConditions(Sql.Of($"s.run"), Dialect).Of(Clauses.Where(clause => !(Order.IsByMetric && IsOwn(clause, key.Name))));
        return Sql.Of($"""
            select count(*), coalesce(sum(case when exists (select 1 from runs r
            where r.id = s.run and {RunSource.In(Dialect.NoIndex(Sql.Of($"r.experiment")), Experiments)} and {Conjunction.Of([Viewed, .. conditions])} limit 1 offset 0) then 1 else 0 end), 0)
            from ({first} limit {SqlNumber.Of(entries)}) s
            """);
    }

    private static Sql Alias(int index) => Sql.Of($"o{SqlNumber.Of(index)}");

    private static bool IsOwn(Clause clause, string? metric) => clause.Subject == Subject.Metric && clause.Name == metric;

    private RunSource Measured(string metric, long isNan) => new(
        Sql.Of($"latest_metrics m cross join runs r"),
        Sql.Of($"m.run"),
        Sql.Of($"m.key = {metric} and m.is_nan = {isNan} and r.id = m.run and {RunSource.In(Dialect.NoIndex(Sql.Of($"r.experiment")), Experiments)}"))
    {
        Metric = metric,
    };

    private RunSource Unmeasured(string metric)
    {
        var newest = RunSource.Newest(Experiments, Dialect);
        return newest with { Where = Sql.Of($"{newest.Where} and not exists (select 1 from latest_metrics m where m.run = r.id and m.key = {metric} limit 1 offset 0)") };
    }

    private Segment Along(RunSource source, IReadOnlyList<object> prefix, IReadOnlyList<OrderKey> keys)
    {
        var joins = keys.Select((key, index) => RunOrder.Join(key, Alias(index)));
        var columns = keys.SelectMany((key, index) => RunOrder.Columns(key, Alias(index), source.IsInStartOrder ? column => column : Dialect.NoIndex));
        var conditions = OwnOf(source.Metric)
            .Concat(new RunConditions(source.Run, Dialect).Of(Clauses.Where(clause => clause != source.Met && !IsOwn(clause, source.Metric))));
        return new Segment(
            Sql.Of($"r.id"),
            Sql.Of($"from {source.From}{Sql.Join("", joins)} where {Conjunction.Of([source.Where, Viewed, .. conditions])}"),
            prefix,
            new Ordering([.. columns]));
    }

    /// <summary>The clauses about the metric whose index is walked, as SQL about the entries themselves.</summary>
    private IEnumerable<Sql> OwnOf(string? metric) =>
        Clauses.Where(clause => IsOwn(clause, metric)).Select(clause => clause.Condition.On(Sql.Of($"m.value"), Dialect));

    private Sql Viewed => View switch
    {
        ViewType.ActiveOnly => Sql.Of($"r.deleted_at is null"),
        ViewType.DeletedOnly => Sql.Of($"r.deleted_at is not null"),
        _ => Sql.Of($"1 = 1"),
    };
}
