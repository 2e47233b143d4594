namespace Slipway.Conformance.Tests.Replay;

/// <summary>All mismatches of a recording in one readable text.</summary>
internal static class Report
{
    public static string Of(IReadOnlyList<Mismatch> mismatches) =>
        mismatches.Count == 0 ? "" : $"{mismatches.Count} answers differ:\n\n{string.Join("\n\n", mismatches)}\n";
}
