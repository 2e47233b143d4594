using System.Diagnostics.CodeAnalysis;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>A version as SemVer 2.0.0 defines it: <c>1.4.0</c>, <c>2.0.0-rc.1</c>, <c>2.0.0+build.7</c>.</summary>
/// <remarks>
/// Two versions that differ in their build part only are of equal precedence and yet not the same version: equality is that
/// of the text, and order breaks the tie by the text, so that a list has one order.
/// </remarks>
internal sealed class SemanticVersion : IEquatable<SemanticVersion>
{
    /// <summary>The most characters that a version may have.</summary>
    public const int Limit = 128;

    /// <summary>By precedence, and by the text among those of equal precedence.</summary>
    public static readonly IComparer<SemanticVersion> Order = Comparer<SemanticVersion>.Create(Compare);

    private readonly string[] _core;
    private readonly string[] _preRelease;

    private SemanticVersion(string text, string[] core, string[] preRelease)
    {
        Text = text;
        _core = core;
        _preRelease = preRelease;
    }

    public string Text { get; }

    public bool IsPreRelease => _preRelease.Length > 0;

    /// <exception cref="Fault">The text is no version; the message says what one looks like.</exception>
    public static SemanticVersion Parse(string text) =>
        TryParse(text, out var version)
            ? version
            : throw Fault.Invalid($"'{Checks.Text.Shorten(text)}' is not a semantic version. It looks like 1.4.0, 2.0.0-rc.1 or 2.0.0+build.7, without leading zeros and in at most {Limit} characters.");

    public static bool TryParse(string text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        if (text.Length > Limit)
        {
            return false;
        }

        var (beforeBuild, build) = Cut(text, '+');
        var (coreText, preRelease) = Cut(beforeBuild, '-');
        var core = coreText.Split('.');
        if (core.Length != 3 || !core.All(IsNumber) || !AreIdentifiers(preRelease, IsPreReleaseIdentifier) || !AreIdentifiers(build, IsIdentifier))
        {
            return false;
        }

        version = new SemanticVersion(text, core, preRelease?.Split('.') ?? []);
        return true;
    }

    /// <summary>Precedence by SemVer's rule 11; the build part has none.</summary>
    public int ComparePrecedence(SemanticVersion other)
    {
        var core = _core.Zip(other._core, CompareNumbers).FirstOrDefault(order => order != 0);
        if (core != 0 || (_preRelease.Length == 0 && other._preRelease.Length == 0))
        {
            return core;
        }

        // 1.0.0-rc.1 comes before 1.0.0.
        if (_preRelease.Length == 0 || other._preRelease.Length == 0)
        {
            return _preRelease.Length == 0 ? 1 : -1;
        }

        var identifiers = _preRelease.Zip(other._preRelease, CompareIdentifiers).FirstOrDefault(order => order != 0);
        return identifiers != 0 ? identifiers : _preRelease.Length.CompareTo(other._preRelease.Length);
    }

    public bool Equals(SemanticVersion? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as SemanticVersion);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static int Compare(SemanticVersion left, SemanticVersion right)
    {
        var precedence = left.ComparePrecedence(right);
        return precedence != 0 ? precedence : string.CompareOrdinal(left.Text, right.Text);
    }

    private static (string Before, string? After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }

    private static bool AreIdentifiers(string? text, Func<string, bool> rule) => text is null || text.Split('.').All(rule);

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');

    private static bool IsIdentifier(string text) => text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    private static bool IsPreReleaseIdentifier(string text) => IsIdentifier(text) && (!text.All(char.IsAsciiDigit) || IsNumber(text));

    // Of any length, for the rules set no bound: the longer number is the greater one, as none has leading zeros.
    private static int CompareNumbers(string left, string right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);

    private static int CompareIdentifiers(string left, string right)
    {
        var (leftIsNumber, rightIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        if (leftIsNumber != rightIsNumber)
        {
            return leftIsNumber ? -1 : 1;
        }

        return leftIsNumber ? CompareNumbers(left, right) : string.CompareOrdinal(left, right);
    }
}
