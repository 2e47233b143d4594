namespace Slipway.Testing;

/// <summary>Names something that a machine may lack, without which a promise can't be tested; see <see cref="Probes"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class NeedsAttribute(string need) : Attribute
{
    public string Need { get; } = need;
}
