using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>Reads a filter by its grammar, which all kinds share.</summary>
/// <remarks>
/// <c>filter := clause { [AND] clause }</c>, where the AND may be missing, lead or trail: clients in the field rely on it.
/// </remarks>
internal sealed class FilterParser
{
    private const int MaxClauses = 1000;
    private const int MaxListed = 4096;

    private readonly TokenReader _tokens;
    private int _listed;

    private FilterParser(string filter) => _tokens = new TokenReader(filter);

    public static IReadOnlyList<Comparison> Parse(string? filter) =>
        string.IsNullOrEmpty(filter) ? [] : new FilterParser(filter).ReadFilter();

    private List<Comparison> ReadFilter()
    {
        var clauses = new List<Comparison>();
        while (_tokens.Current.Kind != TokenKind.End)
        {
            if (_tokens.TryTake("and"))
            {
                continue;
            }

            clauses.Add(ReadClause());
            if (clauses.Count > MaxClauses)
            {
                throw Fault.Invalid($"A filter may have at most {MaxClauses} clauses.");
            }
        }

        return clauses.Count > 0 ? clauses : throw Fault.Invalid($"Filter '{_tokens.Shown}' could not be parsed: it holds no clause.");
    }

    private Comparison ReadClause()
    {
        if (_tokens.Current.Is("or") || _tokens.Current.Is("not"))
        {
            throw Fault.Invalid($"Invalid clause in '{_tokens.Shown}': {_tokens.Current.Text} is not supported; clauses can only be joined by AND.");
        }

        var left = _tokens.TakeIdentifier();
        var comparator = ReadComparator();
        return new Comparison(left, comparator, comparator switch
        {
            Comparator.IsNull or Comparator.IsNotNull => null,
            Comparator.In or Comparator.NotIn => ReadList(),
            _ => ReadValue(),
        });
    }

    private Comparator ReadComparator()
    {
        if (_tokens.Current.Kind == TokenKind.Sign && Comparators.TryParse(_tokens.Current.Text, out var comparator))
        {
            _tokens.Take();
            return comparator;
        }

        if (_tokens.TryTake("like"))
        {
            return Comparator.Like;
        }

        if (_tokens.TryTake("ilike"))
        {
            return Comparator.ILike;
        }

        if (_tokens.TryTake("is"))
        {
            return ReadPresence();
        }

        var negated = _tokens.TryTake("not");
        if (_tokens.TryTake("in"))
        {
            return negated ? Comparator.NotIn : Comparator.In;
        }

        throw _tokens.Unexpected("a comparator, one of " + Comparators.Written(Enum.GetValues<Comparator>()));
    }

    private Comparator ReadPresence()
    {
        var negated = _tokens.TryTake("not");
        return _tokens.TryTake("null")
            ? negated ? Comparator.IsNotNull : Comparator.IsNull
            : throw _tokens.Unexpected("IS NULL or IS NOT NULL");
    }

    private Literal ReadValue() => _tokens.Current switch
    {
        { Kind: TokenKind.Number } => new NumberLiteral(_tokens.Take().Text),
        { Kind: TokenKind.Quoted, Quote: not '`' } => new TextLiteral(_tokens.Take().Text),
        { Kind: TokenKind.Word } word when !word.Is("and") => new BareLiteral(_tokens.Take().Text),
        _ => throw _tokens.Unexpected("a number or a quoted text"),
    };

    private ListLiteral ReadList()
    {
        var texts = new List<string>();
        do
        {
            if (_tokens.Current.Kind != (texts.Count == 0 ? TokenKind.Open : TokenKind.Comma))
            {
                throw _tokens.Unexpected("a list such as ('a', 'b')");
            }

            _tokens.Take();
            texts.Add(_tokens.Current is { Kind: TokenKind.Quoted, Quote: not '`' } ? _tokens.Take().Text : throw _tokens.Unexpected("a quoted text in the list"));
        }
        while (_tokens.Current.Kind != TokenKind.Close);

        _tokens.Take();
        _listed += texts.Count;
        return _listed <= MaxListed ? new ListLiteral(texts) : throw Fault.Invalid($"The lists of a filter may hold at most {MaxListed} values together.");
    }
}
