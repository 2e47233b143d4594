namespace Slipway.Server.Governance;

/// <summary>Whether a version may enter a stage, and why not.</summary>
/// <param name="Entry">The version and the stage.</param>
/// <param name="Results">Of every gate, in the pipeline's order.</param>
/// <param name="Digest">Over all that an approval is bound to: artifacts, run, dataset versions, what the gates measured and the pipeline's version.</param>
internal sealed record CheckReport(StageEntry Entry, IReadOnlyList<GateResult> Results, string Digest)
{
    public bool IsMet => Results.All(result => result.IsMet);

    public IEnumerable<GateResult> Unmet => Results.Where(result => !result.IsMet);

    /// <summary>The versions that would leave the stage.</summary>
    public IReadOnlyList<Registry.ModelVersionRow> Leaving { get; init; } = [];
}
