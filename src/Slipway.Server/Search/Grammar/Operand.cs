using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>One thing a kind lets a filter compare, and how.</summary>
/// <param name="Name">The canonical name of a field; null where the key is the user's.</param>
/// <param name="Comparators">What may stand after it.</param>
internal abstract record Operand(string? Name, IReadOnlyList<Comparator> Comparators)
{
    public static Operand Number(string? name = null) => new NumberOperand(name);

    public static Operand Text(IReadOnlyList<Comparator> comparators, string? name = null) => new TextOperand(name, comparators);

    /// <summary>Turns a clause into a condition, or says what is wrong with it.</summary>
    public Condition Read(Comparison comparison)
    {
        if (!Comparators.Contains(comparison.Comparator))
        {
            throw Fault.Invalid($"Invalid comparator '{comparison.Comparator.Written()}' for '{comparison.Left}': use one of {Grammar.Comparators.Written(Comparators)}.");
        }

        return comparison.Right is null
            ? new PresenceCondition(comparison.Comparator == Comparator.IsNotNull)
            : ReadValue(comparison, comparison.Right);
    }

    protected abstract Condition ReadValue(Comparison comparison, Literal value);
}

/// <inheritdoc/>
internal record NumberOperand(string? Name) : Operand(Name, Grammar.Comparators.Numbers)
{
    protected override Condition ReadValue(Comparison comparison, Literal value) =>
        value is NumberLiteral number
            ? new NumberCondition(comparison.Comparator, number)
            : throw Fault.Invalid($"Expected a number without quotes after '{comparison.Left} {comparison.Comparator.Written()}'.");
}

/// <summary>A number that may stand in quotes, where it may even be none and then equals nothing.</summary>
internal sealed record QuotableNumberOperand(string? Name) : NumberOperand(Name)
{
    protected override Condition ReadValue(Comparison comparison, Literal value) => value switch
    {
        TextLiteral text when Lexer.IsNumber(text.Text) => new NumberCondition(comparison.Comparator, new NumberLiteral(text.Text)),
        TextLiteral => new NeverCondition(),
        _ => base.ReadValue(comparison, value),
    };
}

/// <inheritdoc/>
internal record TextOperand(string? Name, IReadOnlyList<Comparator> Comparators) : Operand(Name, Comparators)
{
    protected override Condition ReadValue(Comparison comparison, Literal value) => value switch
    {
        TextLiteral text => new TextCondition(comparison.Comparator, [text.Text]),
        ListLiteral list => new TextCondition(comparison.Comparator, list.Texts),
        _ => throw Fault.Invalid($"Expected a quoted text (such as 'my-value') after '{comparison.Left} {comparison.Comparator.Written()}'."),
    };
}
