using Slipway.Server.Checks;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Answers which version is the highest in each of some stages, or of all.</summary>
internal sealed class LatestVersions(Spine spine, StageAsking askStages)
{
    /// <summary>More stages than hardly any model has are looked up before their versions.</summary>
    private const int MostGuessed = 8;

    public async Task<ModelVersionsResponse> AnswerAsync(Caller caller, GetLatestVersionsRequest wire, CancellationToken cancellationToken)
    {
        var name = Require.Text(wire.Name, "name");
        var texts = Require.Texts(wire.Stages, "stages");
        var stages = askStages(name, texts);
        var latest = await TryFindAsync(caller, (name, stages), [.. texts.Select(text => StageName.Find(text) ?? text)], cancellationToken)
            ?? await spine.ReadAsync(caller, reader => ReadAsync(reader, (name, stages), cancellationToken), cancellationToken);
        return new ModelVersionsResponse(latest.Count == 0 ? null : [.. latest.Select(version => version.ToWire())], null);
    }

    /// <summary>Guesses how the stages are spelt, so that all is asked in one piece; null when the guess was wrong.</summary>
    private async Task<List<ModelVersionRow>?> TryFindAsync(Caller caller, (string Name, StageReading Stages) asked, HashSet<string> guessed, CancellationToken cancellationToken)
    {
        if (guessed.Count is 0 or > MostGuessed)
        {
            return null;
        }

        var (isThere, found) = (false, new FoundVersions());
        await spine.ReadAsync(caller, [asked.Stages.Query, RegisteredModels.Named(asked.Name, _ => isThere = true), .. ModelVersions.EachLatest(asked.Name, guessed, found)], cancellationToken);
        if (asked.Stages.TryRead() is not { } stages || !stages.SetEquals(guessed))
        {
            return null;
        }

        return isThere ? found.ToList() : throw RegisteredModels.Unknown(asked.Name);
    }

    private static async Task<List<ModelVersionRow>> ReadAsync(Reader reader, (string Name, StageReading Stages) asked, CancellationToken cancellationToken)
    {
        var stages = await asked.Stages.ReadAsync(reader, cancellationToken);
        var model = await RegisteredModels.GetAsync(reader, asked.Name, cancellationToken);
        return stages.Count == 0
            ? await ModelVersions.LatestAsync(reader, [model.Id], cancellationToken)
            : await ModelVersions.LatestAsync(reader, asked.Name, stages, cancellationToken);
    }
}
