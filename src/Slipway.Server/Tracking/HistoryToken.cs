using System.Globalization;
using System.Text;
using Slipway.Store;

namespace Slipway.Server.Tracking;

/// <summary>Where a page of a history ended, bound to its run and key.</summary>
internal static class HistoryToken
{
    public static string Write(MetricPoint last, string runId) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join(
        '\n',
        runId,
        last.Timestamp.ToString(CultureInfo.InvariantCulture),
        last.Step.ToString(CultureInfo.InvariantCulture),
        last.Value.ToString("R", CultureInfo.InvariantCulture),
        last.IsNan ? "1" : "0",
        last.Key)));

    public static MetricPoint? Read(string? token, string runId, string key)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var buffer = new byte[token.Length];
        var parts = Convert.TryFromBase64String(token, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split('\n', 6) : [];
        return parts.Length == 6 && parts[0] == runId && parts[5] == key
            && long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestamp)
            && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var step)
            && double.TryParse(parts[3], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new MetricPoint(key, value, parts[4] == "1", timestamp, step)
            : throw Fault.Invalid("Invalid page token: it does not come from the page before of this query.");
    }
}
