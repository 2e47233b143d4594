using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Tests.Governance;

/// <summary>Puts a version into a stage without asking anybody.</summary>
internal sealed record PutInStage(string Name, long Version, string Stage) : ChangeRequest<bool>
{
    public override string Action => "test.put";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        await Stages.EnterAsync(change, await ModelVersions.GetAsync(change, Name, Version, cancellationToken), new StagePass(Stage, null), cancellationToken);
        return true;
    }
}
