using Slipway.Store;

namespace Slipway.Server.Tests.Search;

/// <summary>A random run from few values, so that ties are many.</summary>
internal sealed record SampleRun(long Id, string RunId, long Experiment, long Start, long? End, bool IsDeleted, double? Loss, double? Accuracy, string? Param, string? Tag)
{
    public static List<SampleRun> Many(int count, int seed)
    {
        var random = new Random(seed);
        double?[] values = [null, null, double.NaN, -1, 0, 0.5, 1, double.MaxValue];
        string?[] texts = [null, null, "", "a", "B", "b", "é", "😀", "\uffee"];
        return [.. Enumerable.Range(1, count).Select(id => new SampleRun(
            id,
            string.Create(32, random, (text, source) =>
            {
                foreach (ref var character in text)
                {
                    character = "0123456789abcdef"[source.Next(16)];
                }
            }),
            1 + random.Next(3),
            random.Next(4),
            random.Next(3) == 0 ? null : random.Next(3),
            random.Next(6) == 0,
            values[random.Next(values.Length)],
            values[random.Next(values.Length)],
            texts[random.Next(texts.Length)],
            texts[random.Next(texts.Length)]))];
    }

    public IEnumerable<Sql> Rows()
    {
        yield return Search.Rows.Run(Id, RunId, Experiment, Start, End, deletedAt: IsDeleted ? 1 : null);
        if (Loss is { } loss)
        {
            yield return Search.Rows.Metric(Id, "loss", loss);
        }

        if (Accuracy is { } accuracy)
        {
            yield return Search.Rows.Metric(Id, "acc", accuracy);
        }

        if (Param is not null)
        {
            yield return Search.Rows.Param(Id, "p", Param);
        }

        if (Tag is not null)
        {
            yield return Search.Rows.Tag(Id, "t", Tag);
        }
    }

    /// <summary>Compares two runs by one item of an order, as the rules say it.</summary>
    public static int Compare(SampleRun left, SampleRun right, string item)
    {
        var descending = item.EndsWith(" DESC", StringComparison.Ordinal);
        return item.Split(' ')[0] switch
        {
            "metrics.loss" => Compare(left.Loss, right.Loss, descending),
            "metrics.acc" => Compare(left.Accuracy, right.Accuracy, descending),
            "params.p" => Compare(left.Param, right.Param, descending),
            "tags.t" => Compare(left.Tag, right.Tag, descending),
            "end_time" => Compare(left.End, right.End, descending),
            "start_time" => Compare(left.Start, right.Start, descending),
            "run_id" => Compare(left.RunId, right.RunId, descending),
            _ => throw new ArgumentOutOfRangeException(nameof(item), item, null),
        };
    }

    private static int Compare(double? left, double? right, bool descending)
    {
        static int Rank(double? value) => value is null ? 2 : double.IsNaN(value.Value) ? 1 : 0;
        var byRank = Rank(left).CompareTo(Rank(right));
        return byRank != 0 || Rank(left) > 0 ? byRank : Signed(left!.Value.CompareTo(right!.Value), descending);
    }

    private static int Compare(long? left, long? right, bool descending) =>
        left is null || right is null ? (left is null).CompareTo(right is null) : Signed(left.Value.CompareTo(right.Value), descending);

    // By code points, which UTF-16's own order is not.
    private static int Compare(string? left, string? right, bool descending) => left is null || right is null
        ? (left is null).CompareTo(right is null)
        : Signed(left.EnumerateRunes().Zip(right.EnumerateRunes(), (one, other) => one.CompareTo(other)).FirstOrDefault(order => order != 0, left.Length.CompareTo(right.Length)), descending);

    private static int Signed(int order, bool descending) => descending ? -order : order;
}
