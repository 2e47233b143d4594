using Slipway.Server.Registry;

namespace Slipway.Server.Governance.Files;

/// <summary>Reads a pipeline from its file, whole or not at all.</summary>
internal static class PipelineFile
{
    private const int NameLimit = 64;
    private const int PatternLimit = 256;
    private const int StageLimit = 50;

    /// <param name="text">The YAML.</param>
    /// <param name="version">The number that it is applied under.</param>
    /// <exception cref="Store.Fault">It can't be used; the message tells every problem with its line.</exception>
    public static Pipeline Parse(string text, long version)
    {
        var problems = new Problems("pipeline");
        var pipeline = YamlReader.Read(text, problems) is { } node && Section.Of(node, "a pipeline", problems) is { } file ? Read(file, version) : null;
        return pipeline is not null && problems.IsEmpty ? pipeline : throw problems.ToFault();
    }

    private static Pipeline Read(Section file, long version)
    {
        var name = Name(file, file.RequiredText("pipeline"));
        var models = Pattern(file, file.RequiredText("models"));
        var pipeline = new Pipeline(name, version, models, Stages(file)) { Description = file.Text("description") };
        file.RefuseOthers();
        return pipeline;
    }

    private static string Name(Section file, string? name)
    {
        if (name is not null && (name.Length > NameLimit || !char.IsAsciiLetterOrDigit(name.FirstOrDefault()) || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')))
        {
            file.Problems.Add(file.LineOf("pipeline"), $"'pipeline' must be up to {NameLimit} letters, digits, dashes, underscores and periods, not '{Checks.Text.Shorten(name)}'");
        }

        return name ?? "";
    }

    private static string Pattern(Section file, string? pattern)
    {
        if (pattern is not null && (pattern.Length is 0 or > PatternLimit || pattern.Contains('/', StringComparison.Ordinal) || pattern.Contains(':', StringComparison.Ordinal)))
        {
            file.Problems.Add(file.LineOf("models"), $"'models' must be the name of a model or a pattern such as iris-*, up to {PatternLimit} characters without / and :");
        }

        return pattern ?? "";
    }

    private static List<PipelineStage> Stages(Section file)
    {
        if (file.Find("stages") is not YamlList { Items.Count: > 0 and <= StageLimit } list)
        {
            file.Problems.Add(file.LineOf("stages"), $"'stages' must be a list of 1 to {StageLimit} stages");
            return [];
        }

        var sections = list.Items.Select(item => Section.Of(item, "a stage", file.Problems)).OfType<Section>().ToList();
        var names = sections.ConvertAll(stage => StageNameOf(stage));
        RefuseRepeated(sections, names, "stage", "name");
        RefuseRepeated(sections, sections.ConvertAll(stage => stage.Find("alias") is YamlText alias ? alias.Value : null), "alias", "alias");
        var stages = new List<PipelineStage>();
        for (var i = 0; i < sections.Count; i++)
        {
            stages.Add(StageSection.Read(sections[i], new StageNames(names[i] ?? "", [.. names.Take(i).OfType<string>()], [.. names.OfType<string>()])));
        }

        return stages;
    }

    private static string? StageNameOf(Section stage)
    {
        var name = stage.RequiredText("name");
        if (name is null)
        {
            return null;
        }

        var standard = StageName.Find(name);
        if (standard is StageName.None or StageName.Archived)
        {
            stage.Problems.Add(stage.LineOf("name"), $"the stage {standard} is always there, and has no gates");
        }
        else if (standard is not null && standard != name)
        {
            stage.Problems.Add(stage.LineOf("name"), $"the stage '{name}' is written {standard}");
        }
        else if (name.Length > NameLimit || !char.IsLetter(name.FirstOrDefault()) || !name.All(character => char.IsLetterOrDigit(character) || character is '-' or '_' or '.' or ' '))
        {
            stage.Problems.Add(stage.LineOf("name"), $"a stage's name must begin with a letter and be up to {NameLimit} letters, digits, blanks, dashes, underscores and periods, not '{Checks.Text.Shorten(name)}'");
        }

        return name;
    }

    private static void RefuseRepeated(List<Section> sections, List<string?> names, string noun, string key)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is { } name && !seen.Add(name))
            {
                sections[i].Problems.Add(sections[i].LineOf(key), $"the {noun} '{Checks.Text.Shorten(name)}' is there twice");
            }
        }
    }
}

/// <summary>The names that a stage's own section may refer to.</summary>
/// <param name="Own">Its own.</param>
/// <param name="Before">Those that are listed above it.</param>
/// <param name="All">Of all stages.</param>
internal sealed record StageNames(string Own, IReadOnlyList<string> Before, IReadOnlyList<string> All);
