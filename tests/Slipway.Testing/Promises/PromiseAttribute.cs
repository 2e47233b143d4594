using Xunit;
using Xunit.Sdk;

namespace Slipway.Testing;

/// <summary>A <see cref="FactAttribute"/> that is skipped, with the reason, where a <see cref="NeedsAttribute"/> is not met.</summary>
[XunitTestCaseDiscoverer("Slipway.Testing." + nameof(PromiseDiscoverer), "Slipway.Testing")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromiseAttribute : FactAttribute;
