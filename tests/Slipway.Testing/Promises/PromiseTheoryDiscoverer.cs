using Xunit.Abstractions;
using Xunit.Sdk;

namespace Slipway.Testing;

/// <summary>Finds the cases of a <see cref="PromiseTheoryAttribute"/>.</summary>
public sealed class PromiseTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        Needs.Here.Unmet(DiagnosticMessageSink, discoveryOptions, testMethod) is { } unmet
            ? [unmet]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}
