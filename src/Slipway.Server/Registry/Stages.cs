using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Every statement that writes the stage of a version, and the transitions that tell of it.</summary>
internal static class Stages
{
    /// <summary>When the version entered the stage that it is in; null when it was never moved.</summary>
    public static Task<long?> EnteredAtAsync(Reader reader, ModelVersionRow version, CancellationToken cancellationToken) =>
        reader.FindAsync($"select at from transitions where version = {version.Id} and to_stage = {version.Stage} order by seq desc limit 1", row => (long?)row.GetInt64(0), cancellationToken);

    /// <summary>The stages that any version of a model ever entered, or one version.</summary>
    public static async Task<IReadOnlySet<string>> EverHeldAsync(Reader reader, long model, long? version, CancellationToken cancellationToken) =>
        (await reader.ListAsync($"""
            select distinct t.to_stage from transitions t join model_versions v on v.id = t.version
            where v.model = {model} and ({version} is null or v.id = {version})
            """, row => row.GetString(0), cancellationToken)).ToHashSet();

    /// <summary>Brings the version into the stage that the pass is for.</summary>
    public static async Task EnterAsync(Change change, ModelVersionRow version, StagePass pass, CancellationToken cancellationToken)
    {
        if (version.Stage != pass.Stage)
        {
            await change.SendAsync($"""
                insert into transitions (version, seq, at, from_stage, to_stage)
                values ({version.Id}, {change.Info.Sequence}, {change.Info.At}, {version.Stage}, {pass.Stage})
                """, cancellationToken);
        }

        RegistryEvents.Effect(change, new RegistryEffect { Version = RegistryEvents.Digits(version.Version), Stage = pass.Stage });
        await change.SendAsync($"update model_versions set stage = {pass.Stage}, updated_at = {change.Info.At} where id = {version.Id}", cancellationToken);
    }

    /// <summary>Moves versions out of the stage that they are in.</summary>
    public static async Task ArchiveAsync(Change change, IReadOnlyList<ModelVersionRow> versions, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            await EnterAsync(change, version, new StagePass(StageName.Archived, null), cancellationToken);
        }
    }

    /// <summary>Removes the transitions of all versions of a model that is removed for good.</summary>
    public static Task RemoveAllAsync(Change change, long model, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from transitions where version in (select id from model_versions where model = {model})", cancellationToken);
}
