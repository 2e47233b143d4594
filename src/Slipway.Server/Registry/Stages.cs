using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Every statement that writes the stage of a version, and the transitions that tell of it.</summary>
internal static class Stages
{
    public static async Task EnterAsync(Change change, ModelVersionRow version, string stage, CancellationToken cancellationToken)
    {
        if (version.Stage != stage)
        {
            await change.SendAsync($"""
                insert into transitions (version, seq, at, from_stage, to_stage)
                values ({version.Id}, {change.Info.Sequence}, {change.Info.At}, {version.Stage}, {stage})
                """, cancellationToken);
        }

        await change.SendAsync($"update model_versions set stage = {stage}, updated_at = {change.Info.At} where id = {version.Id}", cancellationToken);
    }

    /// <summary>Moves all other versions of the model out of the stage, and answers how many.</summary>
    public static async Task<int> ArchiveOthersAsync(Change change, ModelVersionRow version, string stage, CancellationToken cancellationToken)
    {
        await change.SendAsync($"""
            insert into transitions (version, seq, at, from_stage, to_stage)
            select id, {change.Info.Sequence}, {change.Info.At}, stage, {StageName.Archived} from model_versions
            where model = {version.Model} and stage = {stage} and id <> {version.Id}
            """, cancellationToken);
        return await change.ExecuteAsync($"""
            update model_versions set stage = {StageName.Archived}, updated_at = {change.Info.At}
            where model = {version.Model} and stage = {stage} and id <> {version.Id}
            """, cancellationToken);
    }

    /// <summary>Removes the transitions of all versions of a model that is removed for good.</summary>
    public static Task RemoveAllAsync(Change change, long model, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from transitions where version in (select id from model_versions where model = {model})", cancellationToken);
}
