using System.Globalization;

namespace Slipway.Server.Search.Grammar;

/// <summary>A clause as it was written: nothing is known yet but its shape.</summary>
internal sealed record Comparison(Identifier Left, Comparator Comparator, Literal? Right);

/// <summary>What a clause or an order is about: <c>[entity.]key</c>.</summary>
/// <param name="Entity">What stands before the first dot; null when there is none.</param>
/// <param name="Key">The rest.</param>
/// <param name="IsQuoted">Whether the key stood in quotes.</param>
internal sealed record Identifier(string? Entity, string Key, bool IsQuoted)
{
    public override string ToString() => SearchText.Shown(Entity is null ? Key : $"{Entity}.{Key}");
}

/// <summary>A value in a filter.</summary>
internal abstract record Literal;

/// <inheritdoc/>
internal sealed record NumberLiteral(string Digits) : Literal
{
    public double Double => double.Parse(Digits, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Null for a fraction, and for what is too large.</summary>
    public long? Int64 => long.TryParse(Digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <inheritdoc/>
internal sealed record TextLiteral(string Text) : Literal;

/// <summary>A word without quotes.</summary>
internal sealed record BareLiteral(string Text) : Literal;

/// <inheritdoc/>
internal sealed record ListLiteral(IReadOnlyList<string> Texts) : Literal;
