using Xunit.Abstractions;
using Xunit.Sdk;

namespace Slipway.Testing;

/// <summary>Finds the case of a <see cref="PromiseAttribute"/>.</summary>
public sealed class PromiseDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Needs.Here.Unmet(DiagnosticMessageSink, discoveryOptions, testMethod) is { } unmet
            ? [unmet]
            : base.Discover(discoveryOptions, testMethod, factAttribute);
}
