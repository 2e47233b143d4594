using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>The words of one kind: what its filters and orders may name.</summary>
internal sealed class Vocabulary
{
    /// <summary>What may stand before the dot. Without a dot it is an attribute.</summary>
    public required IReadOnlyDictionary<string, Subject> Entities { get; init; }

    /// <summary>Attributes by each of their spellings.</summary>
    public required IReadOnlyDictionary<string, Operand> Attributes { get; init; }

    /// <summary>How values under the user's own keys compare.</summary>
    public required IReadOnlyDictionary<Subject, Operand> Keyed { get; init; }

    /// <summary>What may be asked of a dataset.</summary>
    public IReadOnlyDictionary<string, Operand> DatasetFields { get; init; } = new Dictionary<string, Operand>();

    /// <summary>Attributes to order by, each spelling with its canonical name.</summary>
    public required IReadOnlyDictionary<string, string> Orders { get; init; }

    /// <summary>What else may be ordered by, under the user's own keys.</summary>
    public IReadOnlyList<Subject> KeyedOrders { get; init; } = [];

    public bool AllowsQuotedAttributes { get; init; } = true;

    /// <summary>Whether an order may name its attributes with the entity before them.</summary>
    public bool AllowsEntityInOrders { get; init; } = true;

    public IReadOnlyList<Clause> ReadFilter(string? filter) => [.. FilterParser.Parse(filter).Select(Read)];

    /// <summary>Reads one item of an order.</summary>
    public OrderKey ReadOrder(string item)
    {
        var (name, descending) = OrderParser.Parse(item);
        var subject = SubjectOf(name);
        if (subject != Subject.Attribute)
        {
            return KeyedOrders.Contains(subject)
                ? new OrderKey(subject, name.Key, descending)
                : throw Fault.Invalid($"Invalid order_by '{SearchText.Shown(item)}': order by one of {Listed(Orders.Keys)}.");
        }

        return Orders.TryGetValue(name.Key, out var field) && (AllowsEntityInOrders || name.Entity is null)
            ? new OrderKey(subject, field, descending)
            : throw Fault.Invalid($"Invalid attribute key '{name}' in order_by '{SearchText.Shown(item)}': use one of {Listed(Orders.Keys)}.");
    }

    private static string Listed(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));

    private Clause Read(Comparison comparison)
    {
        var subject = SubjectOf(comparison.Left);
        var operand = subject switch
        {
            Subject.Attribute => Find(comparison.Left, Attributes, "attribute"),
            Subject.Dataset => Find(comparison.Left, DatasetFields, "dataset"),
            _ => Keyed[subject],
        };
        return new Clause(subject, operand.Name ?? comparison.Left.Key, operand.Read(comparison));
    }

    private Subject SubjectOf(Identifier name)
    {
        if (name.Entity is null)
        {
            return Subject.Attribute;
        }

        return Entities.TryGetValue(name.Entity, out var subject)
            ? subject
            : throw Fault.Invalid($"Invalid entity type '{SearchText.Shown(name.Entity)}'. Valid values are {Listed(Entities.Keys)}.");
    }

    private Operand Find(Identifier name, IReadOnlyDictionary<string, Operand> fields, string what) =>
        fields.TryGetValue(name.Key, out var operand) && (AllowsQuotedAttributes || !name.IsQuoted)
            ? operand
            : throw Fault.Invalid($"Invalid {what} key '{SearchText.Shown(name.Key)}' specified. Valid keys are {Listed(fields.Keys)}{(AllowsQuotedAttributes ? "" : ", without quotes")}.");
}

/// <summary>One thing to sort by.</summary>
internal sealed record OrderKey(Subject Subject, string Name, bool Descending);
