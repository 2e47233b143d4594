using Slipway.Server.Checks;
using Slipway.Server.Governance;
using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Delivery.Testing;

/// <summary>The endpoint that runs tests of a version.</summary>
internal sealed class TestRunRoutes(Spine spine)
{
    public void Map(NativeRoutes native) =>
        native.Post(new NativePath("models/{name}/versions/{version}/test-runs", "Runs tests of a version in a worker, and puts what they come to on record."), Permission.Edit, (path, _) => Target.Model(path.First), (RouteValues path, RunTestsRequest wire, Caller caller, CancellationToken cancellationToken) =>
            RunAsync(caller, (path.First, ModelName.Version(path.Second)), wire, cancellationToken));

    private async Task<TestsResponse> RunAsync(Caller caller, (string Model, long Version) what, RunTestsRequest wire, CancellationToken cancellationToken)
    {
        // Judged before anything is started; each result is recorded as a change of the caller's.
        await spine.JudgeAsync(caller, cancellationToken);
        var names = Names(wire);
        var results = await spine.Tester.RunAsync(caller, what, (names, Settings(wire)), cancellationToken);
        return new TestsResponse([.. results.Select(result => result.ToWire())], null);
    }

    private static IReadOnlyList<string> Names(RunTestsRequest wire)
    {
        var names = wire.Only is { Count: > 0 } only ? only
            : wire.Dataset is null ? BuiltInTest.Usual
            : wire.Label is null ? [.. BuiltInTest.Usual, BuiltInTest.Distribution]
            : [.. BuiltInTest.Usual, BuiltInTest.Distribution, BuiltInTest.Accuracy];
        return names.FirstOrDefault(name => BuiltInTest.Find(name) is null) is { } unknown
            ? throw Fault.Invalid($"There is no test '{Text.Shorten(unknown)}' that Slipway runs; it runs {string.Join(", ", BuiltInTest.All)}. Results of others are recorded with 'slipway tests record'.")
            : [.. names.Distinct()];
    }

    private static TestSettings Settings(RunTestsRequest wire)
    {
        var usual = new TestSettings();
        return new TestSettings
        {
            Dataset = wire.Dataset,
            Label = wire.Label,
            LatencyP95 = Within(wire.LatencyP95Ms, double.MaxValue, "latency_p95_ms") ?? usual.LatencyP95,
            LoadRate = Within(wire.LoadRate, TestSettings.MostRate, "load_rate") ?? usual.LoadRate,
            LoadSeconds = Within(wire.LoadSeconds, TestSettings.MostSeconds, "load_seconds") ?? usual.LoadSeconds,
            ErrorRate = Within(wire.ErrorRate, 1, "error_rate") ?? usual.ErrorRate,
            Accuracy = Within(wire.Accuracy, 1, "accuracy") ?? usual.Accuracy,
            Shift = Within(wire.Shift, double.MaxValue, "shift") ?? usual.Shift,
        };
    }

    private static double? Within(double? value, double most, string name) => value is null or >= 0 && !(value > most)
        ? value
        : throw Fault.Invalid(FormattableString.Invariant($"Invalid value {value} for parameter '{name}': must be from 0 to {most}."));
}
