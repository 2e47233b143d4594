using Slipway.Server.Routing;

namespace Slipway.Server.Identity;

/// <summary>What a request needs: a permission, and the thing that it is needed on, which is looked for only when somebody has to be judged.</summary>
internal sealed record Demand(Permission Permission, Func<Target> On)
{
    public static readonly Demand Nothing = new(Permission.None, () => Target.Server);
}
