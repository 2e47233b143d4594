using System.Text.Json;

namespace Slipway.Wire.Governance;

/// <summary>POST models/{name}/versions/{version}/tests: puts the result of a test on record.</summary>
/// <param name="Name">Required; such as <c>schema_test</c>.</param>
/// <param name="Outcome">Required; <c>passed</c>, <c>failed</c> or <c>error</c>.</param>
/// <param name="Measured">What it measured: names with numbers or texts, up to 100.</param>
/// <param name="Link">Where more is told, an http or https address.</param>
/// <param name="InputsDigest">A digest of what the test was given, in any form.</param>
public sealed record RecordTestRequest(string? Name, string? Outcome, IReadOnlyDictionary<string, JsonElement>? Measured, string? Link, string? InputsDigest);

/// <summary>An answer with one result.</summary>
/// <param name="Test">The result.</param>
public sealed record TestResponse(TestResult Test);

/// <summary>GET models/{name}/versions/{version}/tests.</summary>
/// <param name="Name">Of one test only.</param>
/// <param name="Before">The last id of the page before.</param>
/// <param name="Limit">1 to 1000; absent means 100.</param>
public sealed record ListTestsRequest(string? Name, long? Before, long? Limit);

/// <summary>Results of tests, the last recorded first.</summary>
/// <param name="Tests">May be empty.</param>
/// <param name="Next">What <c>before</c> is for the next page; absent on the last.</param>
public sealed record TestsResponse(IReadOnlyList<TestResult> Tests, long? Next);

/// <summary>What a test of a version came to.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">The test.</param>
/// <param name="Outcome"><c>passed</c>, <c>failed</c> or <c>error</c>.</param>
public sealed record TestResult(long Id, string Name, string Outcome)
{
    /// <summary>What it measured, names in order; absent when nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Measured { get; init; }

    /// <summary>Where more is told.</summary>
    public string? Link { get; init; }

    /// <summary>A digest of what the test was given.</summary>
    public string? InputsDigest { get; init; }

    /// <summary>Over the version's files at that time; absent where the server does not hold them.</summary>
    public string? ManifestDigest { get; init; }

    /// <summary>Who recorded it.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>When, in milliseconds since 1970.</summary>
    public required long RecordedAt { get; init; }
}

/// <summary>POST models/{name}/versions/{version}/test-runs: runs tests of a version in a worker of its own. It answers when they are done.</summary>
/// <param name="Only">Of <c>schema</c>, <c>inference</c>, <c>latency</c>, <c>load</c>, <c>distribution</c>, <c>accuracy</c>; absent runs the first three, and with a dataset those that need one.</param>
/// <param name="Dataset">The dataset version whose rows are sent, such as <c>iris-eval@1.0.0</c>; the caller has to be one who may read it.</param>
/// <param name="Label">The column of it that holds what is true.</param>
/// <param name="LatencyP95Ms">The longest 95th percentile for one row, in milliseconds; 1000 unless told otherwise.</param>
/// <param name="LoadRate">Requests a second, at most 1,000; 20 unless told otherwise.</param>
/// <param name="LoadSeconds">How long that is held, at most 600; 5 unless told otherwise.</param>
/// <param name="ErrorRate">The highest share that may fail under load; 0.01 unless told otherwise.</param>
/// <param name="Accuracy">The least share of right predictions; 0.5 unless told otherwise.</param>
/// <param name="Shift">The population stability index of the predictions against those of the version in Production that must not be reached; 0.2 unless told otherwise.</param>
public sealed record RunTestsRequest(IReadOnlyList<string>? Only, string? Dataset, string? Label, double? LatencyP95Ms, double? LoadRate, double? LoadSeconds, double? ErrorRate, double? Accuracy, double? Shift);
