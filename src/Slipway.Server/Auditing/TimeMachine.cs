using System.Globalization;
using System.Text.Json;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Store.Auditing;
using Slipway.Wire.Auditing;
using Slipway.Wire.Json;

namespace Slipway.Server.Auditing;

/// <summary>Tells of the past of models and versions.</summary>
internal sealed class TimeMachine(Rights rights)
{
    /// <summary>What the model was that had the name at the moment.</summary>
    /// <exception cref="Fault">There was none, or the caller may not read what it is now.</exception>
    public async Task<ModelPast> AtAsync(Reader reader, Caller caller, (string Name, long Time) when, CancellationToken cancellationToken)
    {
        var sequence = await AuditLog.SequenceAtAsync(reader, when.Time, cancellationToken);
        await RequireAsync(reader, caller.Principal, (when.Name, sequence), cancellationToken);
        return await AtAsync(reader, when, sequence, cancellationToken)
            ?? throw Fault.NotFound($"There was no registered model {when.Name} at {DateTimeOffset.FromUnixTimeMilliseconds(when.Time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}.");
    }

    /// <summary>What the model was that had the name just after an entry; null when none had.</summary>
    public static async Task<ModelPast?> AtAsync(Reader reader, (string Name, long Time) when, long sequence, CancellationToken cancellationToken)
    {
        if (await ModelLife.FindAsync(reader, when.Name, sequence, cancellationToken) is not { } life)
        {
            return null;
        }

        var fold = await life.FoldAsync(reader, cancellationToken);
        return new ModelPast(when.Name, when.Time, sequence, fold.Versions, fold.Aliases)
        {
            Pipeline = await PipelineFold.FindAsync(reader, when.Name, sequence, cancellationToken),
        };
    }

    /// <summary>Every stage that a version of a model was in, and the evidence on which it was let in.</summary>
    /// <exception cref="Fault">There is no such model, or never was such a version of it.</exception>
    public static async Task<VersionHistory> HistoryAsync(Reader reader, (string Name, long Number) version, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(reader, version.Name, cancellationToken);
        var life = await ModelLife.FindAsync(reader, version.Name, long.MaxValue, cancellationToken);
        var number = RegistryEvents.Digits(version.Number);
        var stays = life is null ? [] : (await life.FoldAsync(reader, cancellationToken)).StaysOf(number);
        if (stays.Count == 0)
        {
            throw Fault.NotFound($"Model Version (name={version.Name}, version={number}) not found");
        }

        var decisions = await DecisionsAsync(reader, (model.Id, version.Number), cancellationToken);
        return new VersionHistory(version.Name, number, [.. stays.Select(stay => decisions.TryGetValue(stay.Sequence, out var decision) ? decision(stay) : stay)]);
    }

    // A model that is gone, or is called something else now, keeps its past for those who may read it now and for auditors.
    private async Task RequireAsync(Reader reader, Principal who, (string Name, long Sequence) place, CancellationToken cancellationToken)
    {
        if (who.IsAdmin || who.IsAuditor)
        {
            return;
        }

        var name = await ModelLife.FindNameNowAsync(reader, place.Name, place.Sequence, cancellationToken);
        if (name is null || await RegisteredModels.FindAsync(reader, name, cancellationToken) is not { } model)
        {
            throw new RefusedException($"Permission denied: only auditors may look at what {place.Name} was then, for it is not there any more.");
        }

        await rights.RequireAsync(reader, who, (AccessLevel.Read, Securable.Model(model.Id)), cancellationToken);
    }

    // By the entry that tells of them.
    private static async Task<Dictionary<long, Func<Stay, Stay>>> DecisionsAsync(Reader reader, (long Model, long Number) version, CancellationToken cancellationToken)
    {
        var decisions = new Dictionary<long, Func<Stay, Stay>>();
        await reader.EachAsync($"""
            select d.seq, d.pipeline, d.pipeline_version, d.gates, d.reason
            from decisions d join model_versions v on v.id = d.version
            where v.model = {version.Model} and v.version = {version.Number}
            """, row =>
        {
            var pipeline = row.IsDBNull(1) || row.IsDBNull(2) ? null : new PipelinePast(row.GetString(1), row.GetInt64(2));
            var gates = JsonSerializer.Deserialize(row.GetString(3), WireJson.Of<IReadOnlyList<GatePast>>());
            var reason = row.IsDBNull(4) ? null : row.GetString(4);
            decisions[row.GetInt64(0)] = stay => stay with { Pipeline = pipeline, Gates = gates, Reason = reason };
        }, cancellationToken);
        return decisions;
    }
}
