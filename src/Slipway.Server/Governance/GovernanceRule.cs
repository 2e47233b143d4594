using Slipway.Server.Artifacts;
using Slipway.Server.Governance.Guarding;
using Slipway.Server.Identity;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Guards every way into a stage and out of it: all that governs is asked here, and here only.</summary>
internal sealed class GovernanceRule : IRule
{
    private readonly IReadOnlyList<IRule> _parts;

    public GovernanceRule(Rights rights, ArtifactPlaces places)
    {
        var promotionRights = new PromotionRights(rights);
        var admission = new StageAdmission(promotionRights);
        _parts =
        [
            // An alias brings its version in before it is told what follows from that.
            new AliasGuard(promotionRights, admission),
            admission,
            new RollbackGuard(promotionRights),
            new PromotionGuard(promotionRights),
            new DeletionGuard(promotionRights),
            new RenameGuard(promotionRights),
            new MirrorGuard(),
            new FileGuard(),
            new Registrations(places),
        ];
    }

    public async Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            await part.BeforeAsync(change, request, cancellationToken);
        }
    }

    public async Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            await part.AfterAsync(change, request, cancellationToken);
        }
    }
}
