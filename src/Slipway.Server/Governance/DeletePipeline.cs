using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Takes a pipeline out of force; its versions stay on record, and no version of a model moves.</summary>
/// <param name="Name">Which.</param>
/// <param name="Seen">The version that the caller has seen; null when they do not mind which.</param>
internal sealed record DeletePipeline(string Name, long? Seen) : ChangeRequest<bool>
{
    public override string Action => "pipeline.delete";

    public override string Resource => $"pipelines/{Name}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var row = await Pipelines.FindAsync(change, Name, cancellationToken) ?? throw Pipelines.Unknown(Name);
        ApplyPipeline.CheckSeen(Name, row, Seen);
        await Pipelines.WithdrawAsync(change, Name, cancellationToken);
        change.Record(ApplyPipeline.State(row), null);
        change.Announce("pipeline.deleted", ApplyPipeline.State(row)!);
        return true;
    }
}
