using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>Asks that the latest result of a test is that it passed.</summary>
internal sealed record TestGate(string Name) : IGate
{
    /// <summary>What is measured while there is no result.</summary>
    public const string NotRun = "not run";

    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken)
    {
        var latest = entry.Evidence.Tests.GetValueOrDefault(Name);
        return Task.FromResult(new GateResult($"test {Name}", latest?.Outcome == TestOutcome.Passed, TestOutcome.Passed, latest?.Outcome ?? NotRun)
        {
            Evidence = latest is null ? null : $"models/{entry.Version.Name}/versions/{entry.Version.Version}/tests/{latest.Id}",

            // The same again changes nothing; another outcome, other values or other inputs do.
            Bound = latest is null ? "none" : $"{latest.Outcome} {latest.Measured ?? "{}"} {latest.InputsDigest ?? "-"}",
        });
    }
}
