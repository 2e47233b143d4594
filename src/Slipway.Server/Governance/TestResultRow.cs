using Slipway.Wire.Governance;

namespace Slipway.Server.Governance;

/// <summary>A row of <c>test_results</c>: what a named test of a version came to.</summary>
internal sealed record TestResultRow(long Id, long Version, string Name, string Outcome)
{
    /// <summary>A JSON object with its keys in order; null when nothing was measured.</summary>
    public string? Measured { get; init; }

    public string? Link { get; init; }

    /// <summary>Over what the test was given.</summary>
    public string? InputsDigest { get; init; }

    /// <summary>Over the version's files at that time.</summary>
    public string? ManifestDigest { get; init; }

    public required string Actor { get; init; }

    public required long At { get; init; }

    /// <summary>Of its audit entry.</summary>
    public required long Sequence { get; init; }

    public TestResult ToWire() => new(Id, Name, Outcome)
    {
        Measured = MeasuredJson.Encode(Measured),
        Link = Link,
        InputsDigest = InputsDigest,
        ManifestDigest = ManifestDigest,
        RecordedBy = Actor,
        RecordedAt = At,
    };
}

/// <summary>What a test can come to.</summary>
internal static class TestOutcome
{
    public const string Passed = "passed";
    public const string Failed = "failed";

    /// <summary>It could not be run to its end.</summary>
    public const string Error = "error";

    public static bool Is(string text) => text is Passed or Failed or Error;
}
