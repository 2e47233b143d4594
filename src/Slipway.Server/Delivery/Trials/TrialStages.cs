using Slipway.Server.Governance;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Delivery.Trials;

/// <summary>Which versions may be tried in an environment: those of a stage in front of its own.</summary>
internal static class TrialStages
{
    /// <exception cref="Fault">The version is in no such stage.</exception>
    public static async Task DemandAsync(Reader reader, ModelVersionRow version, ServingEnvironment environment, CancellationToken cancellationToken)
    {
        var earlier = Before(await Pipelines.FindForAsync(reader, version.Name, cancellationToken), environment.Stage);
        if (earlier.Count == 0)
        {
            throw Fault.Conflict($"No stage of '{version.Name}' comes before {environment.Stage}, which {environment.Name} serves, so nothing can be tried there.");
        }

        if (!earlier.Contains(version.Stage))
        {
            throw Fault.Conflict($"Version {version.Version} of '{version.Name}' is in {version.Stage}, and {environment.Name} serves {environment.Stage}: what is tried there is in {string.Join(" or ", earlier)}. Bring the version there first.");
        }
    }

    private static IReadOnlyList<string> Before(Pipeline? pipeline, string stage) => pipeline is null
        ? stage == StageName.Production ? [StageName.Staging] : []
        : pipeline.FindStage(stage) is { } served ? [.. pipeline.Stages.Take(pipeline.PlaceOf(served)).Select(other => other.Name)] : [];
}
