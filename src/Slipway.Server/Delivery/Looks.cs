using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Slipway.Serving.Gateway.Records;
using Slipway.Store;
using Slipway.Wire.Delivery;

namespace Slipway.Server.Delivery;

/// <summary>Every statement that touches <c>rollout_looks</c>: what the judge of a rollout saw.</summary>
internal static class Looks
{
    private const int PageSize = 1000;

    /// <summary>Keeps looks; those that are there already stay as they are.</summary>
    public static async Task AddAsync(Writer writer, IEnumerable<JournaledLook> looks, CancellationToken cancellationToken)
    {
        foreach (var look in looks)
        {
            // Those of the watch over a live version belong to no rollout, and stay with the gateway.
            if (long.TryParse(look.Rollout, NumberStyles.None, CultureInfo.InvariantCulture, out var rollout))
            {
                await writer.ExecuteAsync($"""
                    insert into rollout_looks (rollout, number, at, step, percent, verdict, look)
                    values ({rollout}, {look.Number}, {look.At}, {(long)look.Step}, {look.Percent}, {Verdict(look)}, {JsonSerializer.Serialize(look.Judged, GatewayJson.Options)})
                    on conflict (rollout, number) do nothing
                    """, cancellationToken);
            }
        }
    }

    public static Task<List<RolloutLook>> ListAsync(Reader reader, long rollout, long after, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"select number, at, step, percent, verdict, look from rollout_looks where rollout = {rollout} and number > {after} order by number limit {PageSize}",
            Map,
            cancellationToken);

    /// <summary>The last one of a rollout; null before the first.</summary>
    public static Task<RolloutLook?> FindLastAsync(Reader reader, long rollout, CancellationToken cancellationToken) =>
        reader.FindAsync($"select number, at, step, percent, verdict, look from rollout_looks where rollout = {rollout} order by number desc limit 1", Map, cancellationToken);

    private static RolloutLook Map(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetDouble(3), row.GetString(4), JsonDocument.Parse(row.GetString(5)).RootElement);

    private static string Verdict(JournaledLook look) => JsonNamingPolicy.KebabCaseLower.ConvertName(look.Judged.Verdict.ToString());
}
