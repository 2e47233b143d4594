using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Ends a freeze.</summary>
/// <param name="Freeze">As it was when the request came; the change looks again.</param>
internal sealed record LiftFreeze(FreezeRow Freeze) : ChangeRequest<FreezeRow>
{
    public override string Action => "freeze.lift";

    public override string Resource => Freeze.Pattern.Contains('*', StringComparison.Ordinal) ? "freezes" : $"models/{Freeze.Pattern}";

    public override async Task<FreezeRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var now = await Freezes.GetAsync(change, Freeze.Id, cancellationToken);
        if (now.LiftedAt is not null || now.EndsAt <= change.Info.At)
        {
            throw Fault.Conflict($"Freeze {now.Id} is over already.");
        }

        await Freezes.LiftAsync(change, now.Id, cancellationToken);
        var lifted = now with { LiftedAt = change.Info.At };
        change.About($"freezes/{now.Id}");
        change.Record(FreezeState.Of(now), FreezeState.Of(lifted));
        return lifted;
    }
}
