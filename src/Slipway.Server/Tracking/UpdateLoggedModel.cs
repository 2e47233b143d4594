using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Tracking;

namespace Slipway.Server.Tracking;

/// <summary>What fills a logged model after its creation: status, params and tags.</summary>
internal static class UpdateLoggedModel
{
    public static async Task<LoggedModelRow> SetStatusAsync(Writer writer, string modelId, (LoggedModelStatus Status, long Now) to, CancellationToken cancellationToken)
    {
        var model = await LoggedModels.LockAsync(writer, modelId, cancellationToken) with { Status = to.Status, UpdatedAt = to.Now };
        await LoggedModels.SetStatusAsync(writer, model, cancellationToken);
        return await LoggedModels.LoadAsync(writer, model, cancellationToken);
    }

    public static async Task<bool> LogParamsAsync(Writer writer, string modelId, IReadOnlyList<Pair> added, CancellationToken cancellationToken)
    {
        var model = await LoggedModels.LockAsync(writer, modelId, cancellationToken);
        foreach (var param in added)
        {
            var stored = await LoggedModels.FindParamAsync(writer, model.Id, param.Key, cancellationToken);
            if (stored is null)
            {
                await LoggedModels.AddParamAsync(writer, model.Id, param, cancellationToken);
            }
            else if (stored != param.Value)
            {
                throw Fault.Invalid($"Changing param values is not allowed. Param '{Text.Shorten(param.Key)}' of logged model {modelId} is '{Text.Shorten(stored)}' and can't become '{Text.Shorten(param.Value)}'.");
            }
        }

        return true;
    }

    public static async Task<bool> SetTagsAsync(Writer writer, string modelId, IReadOnlyList<Pair> tags, CancellationToken cancellationToken)
    {
        var model = await LoggedModels.LockAsync(writer, modelId, cancellationToken);
        foreach (var tag in tags)
        {
            await LoggedModels.SetTagAsync(writer, model.Id, tag, cancellationToken);
        }

        return true;
    }

    public static async Task<bool> DeleteTagAsync(Writer writer, string modelId, string key, CancellationToken cancellationToken)
    {
        var model = await LoggedModels.LockAsync(writer, modelId, cancellationToken);
        return await LoggedModels.DeleteTagAsync(writer, model.Id, key, cancellationToken)
            ? true
            : throw Fault.NotFound($"No tag with key '{Text.Shorten(key)}' found for model with ID '{modelId}'.");
    }
}
