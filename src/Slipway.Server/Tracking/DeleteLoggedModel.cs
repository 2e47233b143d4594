using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Deletes a logged model, softly; repeating it is a success.</summary>
internal sealed record DeleteLoggedModel(string ModelId) : ChangeRequest<bool>
{
    public override string Action => "logged-model.delete";

    public override string Resource => $"logged-models/{ModelId}";

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await LoggedModels.FindAsync(change, ModelId, cancellationToken) ?? throw LoggedModels.Unknown(ModelId);
        if (model.DeletedAt is null)
        {
            await LoggedModels.DeleteAsync(change, model.Id, cancellationToken);
        }

        return true;
    }
}
