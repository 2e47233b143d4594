using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>Who asks, and what the route that was asked takes.</summary>
internal sealed record Caller(Principal Principal, string Authentication, string? Address) : Actor(Principal.Name, Authentication, Address)
{
    /// <summary>The permission and the thing that it is needed on.</summary>
    public Demand Demand { get; init; } = Demand.Nothing;

    /// <summary>The key under which the answer to this request is kept, so that it is given again when the request is repeated.</summary>
    public IdempotencyKey? Idempotency { get; init; }

    /// <summary>Whether the rights were looked at. An answer that was not judged never leaves the server.</summary>
    public bool WasJudged => Demand.Permission <= Permission.Known || Verdict.IsDone;

    private Judgement Verdict { get; init; } = new();

    public Caller For(Demand demand) => this with { Demand = demand, Verdict = new Judgement() };

    public void MarkJudged() => Verdict.IsDone = true;

    private sealed class Judgement
    {
        public bool IsDone { get; set; }
    }
}
