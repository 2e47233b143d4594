using Xunit.Abstractions;
using Xunit.Sdk;

namespace Slipway.Testing;

/// <summary>Decides what becomes of a promise when something that it needs is not here.</summary>
internal sealed class Needs(IReadOnlyDictionary<string, Func<string?>> probes, bool allRequired)
{
    /// <summary>The needs of this machine; where everything is required, a lack is a failure.</summary>
    public static Needs Here { get; } = new(Probes.All, Environment.GetEnvironmentVariable("SLIPWAY_TEST_REQUIRE_ALL") == "1");

    /// <summary>The case to run in place of the real one, skipped or failing with the reason; null when every need is met.</summary>
    public IXunitTestCase? Unmet(IMessageSink sink, ITestFrameworkDiscoveryOptions options, ITestMethod method)
    {
        var display = options.MethodDisplayOrDefault();
        var displayOptions = options.MethodDisplayOptionsOrDefault();
        var names = Names(method);

        // Said by a failing case, for xunit drops a test whose discovery throws, and nobody would miss it.
        if (names.Find(name => !probes.ContainsKey(name)) is { } unknown)
        {
            var reason = $"No test can need '{unknown}'; needs are {string.Join(", ", probes.Keys.Order())}.";
            return new ExecutionErrorTestCase(sink, display, displayOptions, method, reason);
        }

        var lacks = names.Select(name => (Name: name, Reason: probes[name]())).Where(lack => lack.Reason is not null).ToList();
        if (lacks.Count == 0)
        {
            return null;
        }

        var lack = lacks[0].Reason!;
        return allRequired && !lacks.TrueForAll(missing => Probes.Rare.Contains(missing.Name))
            ? new ExecutionErrorTestCase(sink, display, displayOptions, method, lack)
            : new XunitSkippedDataRowTestCase(sink, display, displayOptions, method, lack);
    }

    // On the method, its class, or a class above that.
    private static List<string> Names(ITestMethod method)
    {
        var type = typeof(NeedsAttribute).AssemblyQualifiedName;
        return [.. method.Method.GetCustomAttributes(type).Concat(method.TestClass.Class.GetCustomAttributes(type))
            .Select(needs => (string)needs.GetConstructorArguments().Single())];
    }
}
