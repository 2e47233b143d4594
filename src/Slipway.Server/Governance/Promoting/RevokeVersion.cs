using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Says that a version must never enter a governed stage again. Where it is, it stays until it is rolled back.</summary>
internal sealed record RevokeVersion(string Name, long Version, string Reason) : ChangeRequest<Revocation>
{
    public override string Action => "version.revoke";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public static RevokeVersion Decode(string name, string version, ReasonRequest wire) =>
        new(name, ModelName.Version(version), Text.Within(Require.Text(wire.Reason?.Trim(), "reason"), RequestPromotion.TextLimit, "reason"));

    public override async Task<Revocation> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        if (!await Revocations.TryAddAsync(change, version.Id, Reason, cancellationToken))
        {
            throw Fault.Conflict($"Version {Version} of '{Name}' is revoked already.");
        }

        foreach (var promotion in await Promotions.OpenOfVersionAsync(change, version.Id, cancellationToken))
        {
            await PromotionTurn.TurnAsync(change, promotion, (PromotionState.Cancelled, $"The version was revoked: {Reason}"), report: null, cancellationToken);
        }

        await MirrorTags.WithdrawAsync(change, version.Id, cancellationToken);
        change.Record(null, JsonSerializer.Serialize(new Revoked(version.Version, version.Stage, Reason), FreezeJson.Default.Revoked));
        PromotionEvents.Announce(change, "version.revoked", new PromotionEvent(Name, Version, version.Stage) { Actor = change.Info.Actor.Name, Reason = Reason });
        return new Revocation(version.Name, RegistryEvents.Digits(version.Version), version.Stage, Reason);
    }
}
