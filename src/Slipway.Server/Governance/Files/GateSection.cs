using Slipway.Server.Checks;
using Slipway.Server.Governance.Gates;

namespace Slipway.Server.Governance.Files;

/// <summary>Reads the gates in front of a stage. Whatever the order in the file, people see them in one order.</summary>
internal static class GateSection
{
    private const int ApproverLimit = 100;

    public static List<IGate> Read(Section section, StageNames names)
    {
        var gates = new List<IGate>();
        gates.AddRange(section.Map("metrics") is { } metrics ? MetricSection.Read(metrics, names) : []);
        gates.AddRange(Tags(section));
        gates.AddRange(Tests(section));
        gates.AddRange(section.Map("dataset") is { } dataset ? DatasetSection.Read(dataset, names) : []);
        gates.AddRange(Previous(section, names));
        gates.AddRange(section.Map("semantic_version") is { } version ? SemanticVersion(version) : []);
        gates.AddRange(section.Map("approvals") is { } approvals ? Approvals(approvals) : []);
        section.RefuseOthers();
        return gates;
    }

    private static IEnumerable<IGate> Tags(Section section)
    {
        foreach (var (name, value) in section.Find("tags") switch
        {
            null => [],
            YamlMap map => map.Entries.Select(entry => (entry.Key, Value: (YamlNode?)entry.Value)),
            YamlList list => Texts(section, "tags", list).Select(text => (text, (YamlNode?)null)),
            var other => Wrong(section, other, "'tags' is a list of names, or a map from names to values"),
        })
        {
            CheckTag(section.Problems, name);
            if (value is not null and not YamlText)
            {
                section.Problems.Add(value.Line, $"the value of the tag '{Text.Shorten(name.Value)}' must be a text, not {value.Kind}");
            }

            yield return new TagGate(name.Value, value is YamlText { IsNothing: false } wanted ? wanted.Value : null);
        }
    }

    private static IEnumerable<IGate> Tests(Section section) => section.Find("tests") switch
    {
        null => [],
        YamlList list => Texts(section, "tests", list).Select(name =>
        {
            section.Problems.Check(name.Line, () => Keys.Check(name.Value, "tests"));
            return new TestGate(name.Value);
        }).ToList(),
        var other => Wrong(section, other, "'tests' is a list of names").Select(_ => new TestGate("")),
    };

    private static IEnumerable<IGate> Previous(Section section, StageNames names)
    {
        var previous = section.Text("previous_stage");
        var least = section.Duration("time_in_previous_stage");
        if (previous is not null && !names.Before.Contains(previous))
        {
            section.Problems.Add(section.LineOf("previous_stage"), names.Before.Count == 0
                ? "the first stage has no previous one"
                : $"'previous_stage' must be a stage that is listed above, {string.Join(" or ", names.Before)}, not '{Text.Shorten(previous)}'");
        }

        if (section.Has("time_in_previous_stage") && previous is null)
        {
            section.Problems.Add(section.LineOf("time_in_previous_stage"), "'time_in_previous_stage' needs 'previous_stage'");
        }

        return previous is null ? [] : least is { } time ? [new PreviousStageGate(previous), new StageTimeGate(previous, time)] : [new PreviousStageGate(previous)];
    }

    private static IEnumerable<IGate> SemanticVersion(Section section)
    {
        var tag = section.RequiredText("tag");
        if (section.Find("tag") is YamlText text)
        {
            CheckTag(section.Problems, text);
        }

        section.RefuseOthers();
        return [new SemanticVersionGate(tag ?? "")];
    }

    private static IEnumerable<IGate> Approvals(Section section)
    {
        var gate = new ApprovalsGate(section.Count("count", ApproverLimit) ?? 1, StageSection.Group(section, "group"), section.Flag("services") ?? false);
        section.RefuseOthers();
        return [gate];
    }

    // A tag that the server writes to mirror its own state is no evidence for it.
    private static void CheckTag(Problems problems, YamlText name)
    {
        problems.Check(name.Line, () => Keys.Check(name.Value, "tags"));
        if (MirrorTag.Is(name.Value))
        {
            problems.Add(name.Line, $"the tag '{name.Value}' only mirrors approvals; ask for them by 'approvals'");
        }
    }

    private static List<YamlText> Texts(Section section, string key, YamlList list)
    {
        var texts = new List<YamlText>();
        foreach (var item in list.Items)
        {
            if (item is not YamlText { IsNothing: false } text)
            {
                section.Problems.Add(item.Line, $"'{key}' holds names, not {item.Kind}");
            }
            else if (texts.Exists(other => other.Value == text.Value))
            {
                section.Problems.Add(item.Line, $"'{Text.Shorten(text.Value)}' is there twice");
            }
            else
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    private static IEnumerable<(YamlText, YamlNode?)> Wrong(Section section, YamlNode node, string wanted)
    {
        section.Problems.Add(node.Line, $"{wanted}, not {node.Kind}");
        return [];
    }
}
