namespace Slipway.Server.Governance;

/// <summary>The names of the tests that Slipway runs.</summary>
internal static class BuiltInTest
{
    public const string Schema = "schema";
    public const string Inference = "inference";
    public const string Latency = "latency";
    public const string Load = "load";
    public const string Distribution = "distribution";
    public const string Accuracy = "accuracy";
    public const string PickleScan = "pickle_scan";

    private const string Suffix = "_test";

    public static readonly IReadOnlyList<string> All = [Schema, Inference, Latency, Load, Distribution, Accuracy, PickleScan];

    /// <summary>Those that need no more than the model.</summary>
    public static readonly IReadOnlyList<string> Usual = [Schema, Inference, Latency];

    /// <summary>The test that a name means, also with <c>_test</c> at its end; null when it is none of these.</summary>
    public static string? Find(string name) => All.FirstOrDefault(test => name == test || name == test + Suffix);

    /// <summary>All names under which the results of a test are looked for.</summary>
    public static IReadOnlyList<string> NamesOf(string name) => Find(name) is { } test ? [test, test + Suffix] : [name];
}
