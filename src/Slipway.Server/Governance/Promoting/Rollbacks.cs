using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Every statement that touches <c>rollbacks</c> and <c>stage_floors</c>: what was gone back from, and how far back one may go.</summary>
internal static class Rollbacks
{
    public static Task AddAsync(Change change, RollbackPlan plan, string reason, CancellationToken cancellationToken) =>
        change.SendAsync($"""
            insert into rollbacks (model, seq, stage, at, from_version, to_version, actor, reason)
            values ({plan.To.Model}, {change.Info.Sequence}, {plan.Pass.Stage}, {change.Info.At}, {plan.From?.Id}, {plan.To.Id}, {change.Info.Actor.Name}, {reason})
            """, cancellationToken);

    /// <summary>Forgets what the model's versions went through so far, as far as going back is concerned.</summary>
    public static Task SetFloorAsync(Change change, long model, CancellationToken cancellationToken) =>
        change.SendAsync($"insert into stage_floors (model, seq) values ({model}, {change.Info.Sequence}) on conflict (model) do update set seq = excluded.seq", cancellationToken);

    /// <summary>The versions that may be gone back to: those that held the stage, serve nowhere else, are not revoked, and were not gone back from; the last to enter first.</summary>
    public static Task<List<long>> TargetsAsync(Reader reader, (long Model, string Stage) of, long? except, CancellationToken cancellationToken) =>
        reader.ListAsync($"""
            select e.version from (
                select t.version, max(t.seq) as seq from transitions t join model_versions v on v.id = t.version
                where v.model = {of.Model} and v.stage in ({StageName.None}, {StageName.Archived}, {of.Stage}) and t.to_stage = {of.Stage}
                    and t.seq > coalesce((select f.seq from stage_floors f where f.model = {of.Model}), 0)
                group by t.version
            ) e
            where e.version <> {except ?? 0}
                and not exists (select 1 from rollbacks r where r.model = {of.Model} and r.stage = {of.Stage} and r.from_version = e.version and r.seq > e.seq)
                and not exists (select 1 from revocations x where x.version = e.version)
            order by e.seq desc
            """, row => row.GetInt64(0), cancellationToken);

    /// <summary>Whether the version held the stage since the model came under its pipeline.</summary>
    public static Task<bool> HasHeldAsync(Reader reader, (long Model, long Version, string Stage) what, CancellationToken cancellationToken) =>
        reader.AnyAsync($"""
            select 1 from transitions where version = {what.Version} and to_stage = {what.Stage}
                and seq > coalesce((select f.seq from stage_floors f where f.model = {what.Model}), 0)
            """, cancellationToken);
}
