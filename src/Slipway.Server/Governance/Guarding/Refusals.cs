using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>The sentences by which a version is refused.</summary>
internal static class Refusals
{
    /// <summary>Tells every unmet gate, and who tells more.</summary>
    public static RefusedException Unmet(CheckReport report)
    {
        var (version, stage) = (report.Entry.Version, report.Entry.Stage.Name);
        return new RefusedException($"Version {version.Version} of '{version.Name}' may not enter {stage}: {List(report.Unmet)}. 'slipway check {version.Name} {version.Version} --to {stage}' tells more, and 'slipway promote {version.Name} {version.Version} --to {stage}' waits for what is missing.");
    }

    public static string List(IEnumerable<GateResult> unmet) => string.Join("; ", unmet);
}
