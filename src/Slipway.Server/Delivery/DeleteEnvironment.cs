using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Takes an environment out of force: its gateway and workers end, and no version moves by that.</summary>
/// <param name="Name">Which.</param>
/// <param name="Seen">The version that the caller has seen; null when they do not mind which.</param>
internal sealed record DeleteEnvironment(string Name, long? Seen) : ChangeRequest<bool>
{
    public override string Action => "environment.delete";

    public override string Resource => $"environments/{Name}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var row = await Environments.GetAsync(change, Name, cancellationToken);
        ApplyEnvironment.CheckSeen(Name, row, Seen);
        await Environments.WithdrawAsync(change, Name, cancellationToken);
        change.Record(ApplyEnvironment.State(row), null);
        change.Announce("environment.deleted", ApplyEnvironment.State(row)!);
        return true;
    }
}
