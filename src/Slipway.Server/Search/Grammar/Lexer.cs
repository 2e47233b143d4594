using System.Text.RegularExpressions;
using Slipway.Store;

namespace Slipway.Server.Search.Grammar;

/// <summary>Cuts a filter or an order into tokens.</summary>
internal sealed partial class Lexer(string text)
{
    private int _at;

    /// <summary>Whether the whole text is a number as a filter may hold it.</summary>
    public static bool IsNumber(string text) => Number().Match(text) is { Success: true } match && match.Length == text.Length;

    public Token Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return new Token(TokenKind.End, "the end", _at, _at);
        }

        return text[_at] switch
        {
            '\'' or '"' or '`' => ReadQuoted(text[_at]),
            '(' => Take(TokenKind.Open, 1),
            ')' => Take(TokenKind.Close, 1),
            ',' => Take(TokenKind.Comma, 1),
            '=' or '!' or '<' or '>' => Take(TokenKind.Sign, LengthWhile(character => character is '=' or '!' or '<' or '>')),
            _ when Number().Match(text, _at) is { Success: true } match => Take(TokenKind.Number, match.Length),
            _ when IsWordCharacter(text[_at]) => Take(TokenKind.Word, LengthWhile(IsWordCharacter)),
            _ => throw Fault.Invalid($"Unexpected '{text[_at]}' at position {_at + 1} of '{SearchText.Shown(text)}'. A key with other characters than letters, digits, '_' and '.' must be quoted; clauses are joined by AND only."),
        };
    }

    private static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) || character is '_' or '.';

    private int LengthWhile(Func<char, bool> belongs)
    {
        var end = _at;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }

        return end - _at;
    }

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, text.Substring(_at, length), _at, _at + length);
        _at = token.End;
        return token;
    }

    // A doubled quote does not end the text and stays doubled: there is no escape, and this is what clients' servers always did.
    private Token ReadQuoted(char quote)
    {
        var start = _at;
        for (var end = start + 1; end < text.Length; end++)
        {
            if (text[end] != quote)
            {
                continue;
            }

            if (end + 1 < text.Length && text[end + 1] == quote)
            {
                end++;
                continue;
            }

            _at = end + 1;
            return new Token(TokenKind.Quoted, text[(start + 1)..end], start, _at, quote);
        }

        throw Fault.Invalid($"The quote {quote} at position {start + 1} of '{SearchText.Shown(text)}' is not closed.");
    }

    [GeneratedRegex(@"\G-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
