namespace Slipway.Server.Search.Grammar;

/// <summary>How a filter compares.</summary>
internal enum Comparator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
    In,
    NotIn,
    IsNull,
    IsNotNull,
}

/// <summary>The comparators as they are written, and the sets of them that operands allow.</summary>
internal static class Comparators
{
    public static readonly IReadOnlyList<Comparator> Numbers =
        [Comparator.Equal, Comparator.NotEqual, Comparator.Less, Comparator.LessOrEqual, Comparator.Greater, Comparator.GreaterOrEqual];

    public static readonly IReadOnlyList<Comparator> Texts = [Comparator.Equal, Comparator.NotEqual, Comparator.Like, Comparator.ILike];

    public static readonly IReadOnlyList<Comparator> TextsAndIn = [.. Texts, Comparator.In];

    public static readonly IReadOnlyList<Comparator> TextsAndLists = [.. Texts, Comparator.In, Comparator.NotIn];

    public static readonly IReadOnlyList<Comparator> TextsAndPresence = [.. Texts, Comparator.IsNull, Comparator.IsNotNull];

    public static string Written(this Comparator comparator) => comparator switch
    {
        Comparator.Equal => "=",
        Comparator.NotEqual => "!=",
        Comparator.Less => "<",
        Comparator.LessOrEqual => "<=",
        Comparator.Greater => ">",
        Comparator.GreaterOrEqual => ">=",
        Comparator.Like => "LIKE",
        Comparator.ILike => "ILIKE",
        Comparator.In => "IN",
        Comparator.NotIn => "NOT IN",
        Comparator.IsNull => "IS NULL",
        _ => "IS NOT NULL",
    };

    public static string Written(IEnumerable<Comparator> comparators) => string.Join(", ", comparators.Select(Written));

    public static bool TryParse(string sign, out Comparator comparator)
    {
        (var known, comparator) = sign switch
        {
            "=" => (true, Comparator.Equal),
            "!=" => (true, Comparator.NotEqual),
            "<" => (true, Comparator.Less),
            "<=" => (true, Comparator.LessOrEqual),
            ">" => (true, Comparator.Greater),
            ">=" => (true, Comparator.GreaterOrEqual),
            _ => (false, default),
        };
        return known;
    }
}
