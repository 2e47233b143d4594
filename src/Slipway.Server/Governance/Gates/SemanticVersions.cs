using Slipway.Store;

namespace Slipway.Server.Governance.Gates;

/// <summary>The semantic versions that the other versions of a model have.</summary>
internal static class SemanticVersions
{
    public static async Task<List<OtherVersion>> OthersAsync(Reader reader, StageEntry entry, string tag, CancellationToken cancellationToken)
    {
        var others = new List<OtherVersion>();
        var stage = entry.Stage.Name;
        await reader.EachAsync($"""
            select v.version, t.value, v.stage, (select max(x.seq) from transitions x where x.version = v.id and (x.to_stage = {stage} or x.from_stage = {stage}))
            from model_versions v join model_version_tags t on t.version = v.id and t.key = {tag}
            where v.model = {entry.Version.Model} and v.id <> {entry.Version.Id}
            """, row =>
        {
            if (SemanticVersion.Find(row.GetString(1)) is { } number)
            {
                others.Add(new OtherVersion(row.GetInt64(0), number, !row.IsDBNull(2), !row.IsDBNull(3)));
            }
        }, cancellationToken);
        return others;
    }
}

/// <param name="Version">Its number within the model.</param>
/// <param name="Number">What its tag says.</param>
/// <param name="IsLive">Whether it was not deleted.</param>
/// <param name="WasInStage">Whether it is or was in the stage that is asked for.</param>
internal sealed record OtherVersion(long Version, SemanticVersion Number, bool IsLive, bool WasInStage);
