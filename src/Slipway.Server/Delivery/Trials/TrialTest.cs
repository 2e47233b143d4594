using Slipway.Server.Delivery.Testing;
using Slipway.Server.Governance;
using Slipway.Store;

namespace Slipway.Server.Delivery.Trials;

/// <summary>The test that a trial ends in.</summary>
internal static class TrialTest
{
    public const string Name = "a_b_test";

    /// <summary>Under which the number of the trial is measured.</summary>
    public const string Trial = "trial";

    public static RecordTest Of(RolloutRow trial, TestFinding finding) =>
        new(trial.ModelName, trial.Number, Name, finding.Outcome) { Measured = MeasuredJson.Decode(finding.Measured) };

    /// <summary>Whether the result of this trial is on record: the server may have ended between recording it and ending the trial.</summary>
    public static async Task<bool> IsRecordedAsync(Reader reader, RolloutRow trial, CancellationToken cancellationToken) =>
        (await TestResults.LatestAsync(reader, trial.Version, [Name], cancellationToken)).GetValueOrDefault(Name) is { At: var at } latest
        && at >= trial.CreatedAt
        && MeasuredJson.Encode(latest.Measured)?.GetValueOrDefault(Trial) is { ValueKind: System.Text.Json.JsonValueKind.Number } number
        && number.GetDouble() == trial.Id;
}
