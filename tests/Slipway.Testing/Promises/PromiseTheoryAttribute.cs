using Xunit;
using Xunit.Sdk;

namespace Slipway.Testing;

/// <summary>A <see cref="TheoryAttribute"/> that is skipped whole, with the reason, where a <see cref="NeedsAttribute"/> is not met.</summary>
[XunitTestCaseDiscoverer("Slipway.Testing." + nameof(PromiseTheoryDiscoverer), "Slipway.Testing")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromiseTheoryAttribute : TheoryAttribute;
