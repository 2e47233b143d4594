using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Takes an alias away; one that is not there is a success.</summary>
internal sealed record DeleteAlias(string Name, string Alias) : ChangeRequest<bool>
{
    public override string Action => "alias.delete";

    public override string Resource => $"models/{Name}/aliases/{Alias}";

    public static DeleteAlias Decode(AliasRequest wire) => new(Require.Text(wire.Name, "name"), AliasName.Check(wire.Alias));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        await ModelAliases.DeleteAsync(change, model.Id, Alias, cancellationToken);
        await RegistryEvents.AnnounceAsync(change, (model.Id, "model_version_alias", "deleted"), new RegistryEvent(Name) { Alias = Alias }, cancellationToken);
        return true;
    }
}
