namespace Slipway.Store;

/// <summary>The few places where the two databases do not share one text.</summary>
public abstract class Dialect
{
    /// <summary>What the words in braces of a migration mean here.</summary>
    internal abstract IReadOnlyDictionary<string, string> ColumnTypes { get; }

    /// <summary>Ends a select whose rows this transaction must hold until its end.</summary>
    public abstract Sql ForUpdate { get; }

    /// <summary>Ends a select whose rows nobody may change until this transaction's end.</summary>
    public abstract Sql ForShare { get; }

    /// <summary>Case-sensitive match of a whole value: % is any run, _ one character, nothing escapes.</summary>
    public abstract Sql Like(Sql value, string pattern);

    /// <summary>The same, with the letters A to Z folded.</summary>
    public abstract Sql ILike(Sql value, string pattern);

    /// <summary>Keeps the planner from using an index for this column, where another one gives the order.</summary>
    public abstract Sql NoIndex(Sql column);
}
