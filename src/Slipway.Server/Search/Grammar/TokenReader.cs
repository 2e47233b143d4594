using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>Walks through the tokens of one text.</summary>
internal sealed class TokenReader
{
    private readonly Lexer _lexer;

    public TokenReader(string text)
    {
        SearchText.Check(text);
        Shown = SearchText.Shown(text);
        _lexer = new Lexer(text);
        Current = _lexer.Next();
    }

    /// <summary>The text as an error may repeat it.</summary>
    public string Shown { get; }

    public Token Current { get; private set; }

    public Token Take()
    {
        var taken = Current;
        Current = _lexer.Next();
        return taken;
    }

    public bool TryTake(string word)
    {
        var found = Current.Is(word);
        if (found)
        {
            Take();
        }

        return found;
    }

    /// <summary>Reads <c>key</c>, <c>entity.key</c>, <c>entity.`key`</c>, <c>`entity`.key</c> or <c>`entity.key`</c>.</summary>
    public Identifier TakeIdentifier()
    {
        var identifier = Current.Kind switch
        {
            TokenKind.Word => AfterWord(Take()),
            TokenKind.Quoted when Current.Quote != '\'' => AfterQuoted(Take()),
            _ => throw Unexpected("a name such as metrics.accuracy"),
        };
        return identifier is { Key.Length: > 0, Entity: null or { Length: > 0 } }
            ? identifier
            : throw Fault.Invalid($"'{identifier}' in '{Shown}' is not a name. Write [entity.]key.");
    }

    public Fault Unexpected(string wanted) =>
        Fault.Invalid($"Invalid clause in '{Shown}': expected {wanted}, found '{SearchText.Shown(Current.Text)}' at position {Current.Start + 1}.");

    private static Identifier Split(string name, bool isQuoted) =>
        name.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0
            ? new Identifier(name[..dot], name[(dot + 1)..], isQuoted)
            : new Identifier(null, name, isQuoted);

    private Identifier AfterWord(Token word) =>
        word.Text.EndsWith('.') && Current.Kind == TokenKind.Quoted && Current.Start == word.End
            ? new Identifier(word.Text[..^1], Take().Text, IsQuoted: true)
            : Split(word.Text, isQuoted: false);

    private Identifier AfterQuoted(Token quoted)
    {
        if (Current.Kind != TokenKind.Word || Current.Start != quoted.End || !Current.Text.StartsWith('.'))
        {
            return Split(quoted.Text, isQuoted: true);
        }

        var rest = Take();
        return rest.Text == "." && Current.Kind == TokenKind.Quoted && Current.Start == rest.End
            ? new Identifier(quoted.Text, Take().Text, IsQuoted: true)
            : new Identifier(quoted.Text, rest.Text[1..], IsQuoted: false);
    }
}
