using Slipway.Server.Checks;
using Slipway.Server.Governance.Gates;

namespace Slipway.Server.Governance.Files;

/// <summary>Reads what a stage asks of the data that a version was trained on.</summary>
internal static class DatasetSection
{
    public static List<IGate> Read(Section section, StageNames names)
    {
        var gate = new DataGate(section.Flag("required") ?? false, section.Flag("not_recalled") ?? false);
        var drift = section.Map("drift") is { } map ? Drift(map, names) : null;
        section.RefuseOthers();
        if (!gate.IsRequired && !gate.RefusesRecalled && !section.Has("drift"))
        {
            section.Problems.Add(section.Line, "'dataset' needs one of required: true, not_recalled: true or drift");
        }

        return [.. new IGate?[] { gate.IsRequired || gate.RefusesRecalled ? gate : null, drift }.OfType<IGate>()];
    }

    private static DriftGate Drift(Section section, StageNames names)
    {
        var below = section.Number("below");
        var against = section.RequiredText("against");
        section.RefuseOthers();
        if (below is null or <= 0)
        {
            section.Problems.Add(section.LineOf("below"), "'drift' needs 'below', a number above zero such as 0.2");
        }

        if (against is not null && !names.All.Contains(against))
        {
            section.Problems.Add(section.LineOf("against"), $"there is no stage '{Text.Shorten(against)}' in this file");
        }

        return new DriftGate(below ?? 0, against ?? "");
    }
}
