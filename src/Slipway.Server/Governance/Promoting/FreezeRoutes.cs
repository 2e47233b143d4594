using Slipway.Server.Identity;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Wire;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Promoting;

/// <summary>The endpoints of freezes. Whoever may manage a model may freeze it; a pattern of models takes an admin.</summary>
internal static class FreezeRoutes
{
    public static void Map(NativeRoutes native, Spine spine)
    {
        native.Get(new NativePath("freezes", "Lists the freezes that hold, or all there ever were."), Permission.Known, (_, _) => Target.Server, (RouteValues _, ListFreezesRequest wire, Caller caller, CancellationToken cancellationToken) =>
            ListAsync(spine, caller, wire, cancellationToken));
        native.Post(new NativePath("freezes", "Stops promotions of some models until it ends or is lifted."), Permission.Manage, (_, wire) => Target.ModelsLike(wire.Models ?? ""), async (RouteValues _, SetFreezeRequest wire, Caller caller, CancellationToken cancellationToken) =>
            PromotionView.Of(await spine.MakeAsync(caller, SetFreeze.Decode(wire), cancellationToken)));
        native.Delete(new NativePath("freezes/{id}", "Ends a freeze."), Permission.Manage, (path, _) => Target.Freeze(PromotionRoutes.IdIn(path)), async (RouteValues path, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
        {
            // Only to know what the change is about; the change judges the caller.
            var freeze = await spine.Database.ReadAsync(reader => Freezes.GetAsync(reader, PromotionRoutes.IdIn(path), cancellationToken), cancellationToken);
            return PromotionView.Of(await spine.MakeAsync(caller, new LiftFreeze(freeze), cancellationToken));
        });
    }

    private static async Task<FreezesResponse> ListAsync(Spine spine, Caller caller, ListFreezesRequest wire, CancellationToken cancellationToken)
    {
        var (limit, before) = (PageCursor.Limit(wire.Limit), PageCursor.Before(wire.Cursor));
        var rows = await spine.ReadAsync(caller, reader => Freezes.ListAsync(reader, wire.All == true ? null : spine.Now, (before, limit + 1), cancellationToken), cancellationToken);
        return new FreezesResponse([.. rows.Take(limit).Select(PromotionView.Of)], rows.Count > limit ? PageCursor.Of(rows[limit - 1].Id) : null);
    }
}
