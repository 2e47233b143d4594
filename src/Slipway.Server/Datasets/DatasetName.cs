using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>How datasets are named, and how their versions are written: <c>NAME@VERSION</c>.</summary>
internal static class DatasetName
{
    public const int Limit = 128;

    /// <exception cref="Fault">No dataset can have the name; the message says what is allowed.</exception>
    public static string Check(string name) =>
        IsName(name)
            ? name
            : throw Fault.Invalid($"'{Text.Shorten(name)}' can't name a dataset. A name begins with a letter or a digit, goes on with letters, digits, '.', '_' and '-', and has at most {Limit} characters.");

    private static bool IsName(string name) =>
        name.Length is > 0 and <= Limit && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}

/// <summary>What a person writes to mean one version of a dataset.</summary>
/// <param name="Name">The dataset's.</param>
/// <param name="Version">Null where a word stands for the version.</param>
/// <param name="Word"><c>latest</c> or an alias; null where the version itself is given.</param>
internal sealed record DatasetReference(string Name, SemanticVersion? Version, string? Word)
{
    /// <summary>The word for the version of the highest precedence.</summary>
    public const string Latest = "latest";

    /// <exception cref="Fault">The text has not the form <c>NAME@VERSION</c>.</exception>
    public static DatasetReference Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || at == text.Length - 1)
        {
            throw Fault.Invalid($"'{Text.Shorten(text)}' names no version of a dataset. Write NAME@VERSION, as in sentiment-train@1.0.0 or sentiment-train@latest.");
        }

        var name = DatasetName.Check(text[..at]);
        var version = text[(at + 1)..];

        // What begins with a digit is meant as a version, and gets the message of one.
        return char.IsAsciiDigit(version[0])
            ? new DatasetReference(name, SemanticVersion.Parse(version), Word: null)
            : new DatasetReference(name, Version: null, CheckWord(version));
    }

    /// <summary>A version as a path names it: below its dataset.</summary>
    /// <exception cref="Fault">One of the two can't be.</exception>
    public static DatasetReference Of(string name, string version) => Parse($"{DatasetName.Check(name)}@{version}");

    public override string ToString() => $"{Name}@{Version?.Text ?? Word}";

    /// <exception cref="Fault">The text can't be an alias.</exception>
    public static string CheckWord(string word) =>
        word.Length is > 0 and <= DatasetName.Limit && char.IsAsciiLetter(word[0]) && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-')
            ? word
            : throw Fault.Invalid($"'{Text.Shorten(word)}' is neither a version nor an alias. An alias begins with a letter and goes on with letters, digits, '.', '_' and '-'.");
}
