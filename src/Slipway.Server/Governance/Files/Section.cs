using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Server.Governance.Files;

/// <summary>A map of the file whose keys are known: it gives their values as what they have to be, and notes what is wrong with them.</summary>
/// <param name="map">The map.</param>
/// <param name="name">What it is, for messages, such as <c>a stage</c>.</param>
/// <param name="problems">Where to note.</param>
internal sealed partial class Section(YamlMap map, string name, Problems problems)
{
    private readonly List<string> _known = [];

    public int Line => map.Line;

    public Problems Problems => problems;

    /// <summary>All of it, where the keys are names of the user's choice.</summary>
    public IReadOnlyList<YamlEntry> Entries => map.Entries;

    /// <summary>A value that has to be a map; null, with a problem, when it is something else.</summary>
    public static Section? Of(YamlNode node, string name, Problems problems)
    {
        if (node is YamlMap map)
        {
            return new Section(map, name, problems);
        }

        problems.Add(node.Line, $"{name} is a map, not {node.Kind}");
        return null;
    }

    /// <summary>The value of a key, whatever it is; null when the key is not there.</summary>
    public YamlNode? Find(string key)
    {
        _known.Add(key);
        return map.Entries.FirstOrDefault(entry => entry.Key.Value == key)?.Value;
    }

    /// <summary>Whether the key is there, with whatever value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The line of a key's value, or the section's own.</summary>
    public int LineOf(string key) => Find(key)?.Line ?? Line;

    public Section? Map(string key) => Find(key) is { } node ? Of(node, key, problems) : null;

    public string? Text(string key) => Read(key, "a text", text => text.Value);

    public string? RequiredText(string key)
    {
        if (!Has(key))
        {
            problems.Add(Line, $"{name} needs '{key}'");
        }

        return Text(key);
    }

    public bool? Flag(string key) => Read(key, "true or false", text => text is { IsPlain: true, Value: "true" or "false" } ? text.Value == "true" : (bool?)null);

    public double? Number(string key) => Read(key, "a finite number", text => text.IsPlain && NumberForm().IsMatch(text.Value)
        && double.Parse(text.Value, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? number : (double?)null);

    public int? Count(string key, int most) => Read(key, $"a whole number from 1 to {most}", text => text.IsPlain
        && int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : (int?)null);

    public string? OneOf(string key, params string[] allowed) => Read(key, string.Join(" or ", allowed), text => allowed.Contains(text.Value) ? text.Value : null);

    /// <summary>A time such as <c>24h</c>.</summary>
    public TimeSpan? Duration(string key) => Read(key, "a time such as 90s, 30m, 24h, 14d or 2w, at most ten years", text => DurationText.Find(text.Value));

    /// <summary>Notes the keys that nobody has asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var entry in map.Entries.Where(entry => !_known.Contains(entry.Key.Value)))
        {
            problems.Add(entry.Key.Line, $"{name} has no '{Checks.Text.Shorten(entry.Key.Value)}'; it may have {string.Join(", ", _known.Distinct())}");
        }
    }

    private T? Read<T>(string key, string wanted, Func<YamlText, T?> read)
    {
        if (Find(key) is not { } node)
        {
            return default;
        }

        if (node is YamlText { IsNothing: false } text && read(text) is { } value)
        {
            return value;
        }

        problems.Add(node.Line, $"'{key}' must be {wanted}, not {node.Kind}");
        return default;
    }

    [GeneratedRegex(@"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberForm();
}
