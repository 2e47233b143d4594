namespace Slipway.Server.Search.Grammar;

/// <summary>The smallest piece of a filter or an order, with where it stands in the text.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, char Quote = '\0')
{
    /// <summary>Whether it is this word, in any letter case.</summary>
    public bool Is(string word) => Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);
}

internal enum TokenKind
{
    /// <summary>Letters, digits, underscores and dots.</summary>
    Word,

    /// <summary>Any text between two quotes of one sort; <see cref="Token.Text"/> is without them.</summary>
    Quoted,
    Number,

    /// <summary>A run of the characters = ! &lt; &gt;.</summary>
    Sign,
    Open,
    Close,
    Comma,
    End,
}
