using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>The tags that show where an approval stands are written by the server only, while a pipeline asks for approvals.</summary>
internal sealed class MirrorGuard : IRule
{
    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        var (model, key) = request switch
        {
            SetModelVersionTag tag when MirrorTag.Is(tag.Key) => (tag.Name, tag.Key),
            CreateModelVersion version when version.Tags.FirstOrDefault(tag => MirrorTag.Is(tag.Key)) is { Key: { } forged } => (version.Name, forged),
            _ => ("", ""),
        };
        if (key.Length > 0
            && change.Info.Actor is Caller
            && await Pipelines.FindForAsync(change, model, cancellationToken) is { } pipeline
            && pipeline.Stages.Any(stage => stage.Approvals is not null))
        {
            throw new RefusedException($"The tag '{key}' shows what the approvals of '{model}' are, by the pipeline {pipeline.Name}, and is written by the server. Approve with 'slipway approve {model} VERSION', and ask for approval with 'slipway promote {model} VERSION --to STAGE'.");
        }
    }

    public Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => Task.CompletedTask;
}
