using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Store.Auditing;

namespace Slipway.Store.Tests.Auditing;

/// <summary>What a forger does to a log, or to an export of it.</summary>
internal static class Tampering
{
    public static async Task<List<string>> ExportAsync(Reader reader)
    {
        var lines = new List<string>();
        foreach (var row in await AuditLog.ListAsync(reader, new AuditRange(0, long.MaxValue), 1000, CancellationToken.None))
        {
            lines.Add(Encoding.UTF8.GetString(ExportLine.Of(row.Sequence, row.Entry, row.Hash).ToBytes()).TrimEnd());
        }

        lines.Add(Encoding.UTF8.GetString(new ExportLine { End = await AuditLog.FindEndAsync(reader, CancellationToken.None) }.ToBytes()).TrimEnd());
        return lines;
    }

    public static string EndLine(List<string> lines)
    {
        var last = JsonNode.Parse(lines[^1])!;
        return $$$"""{"end":{"sequence":{{{lines.Count}}},"time":1,"hash":"{{{last["hash"]}}}"}}""";
    }

    public static void CutExport(List<string> lines, int entries)
    {
        lines.RemoveRange(entries, lines.Count - entries);
        lines.Add(EndLine(lines));
    }

    // All that a forger can do who knows how the log is made: every hash from an entry on is right again.
    public static void RewriteExport(List<string> lines, int from)
    {
        lines.RemoveAt(lines.Count - 1);
        var previous = JsonNode.Parse(lines[from - 2])!["hash"]!.GetValue<string>();
        for (var i = from - 1; i < lines.Count; i++)
        {
            var entry = Forged(JsonNode.Parse(lines[i])!["entry"]!.GetValue<string>(), previous);
            previous = Convert.ToHexStringLower(SHA256.HashData(entry));
            lines[i] = Encoding.UTF8.GetString(ExportLine.Of(i + 1, entry, previous).ToBytes()).TrimEnd();
        }

        lines.Add(EndLine(lines));
    }

    private static byte[] Forged(string entry, string previous)
    {
        var json = JsonNode.Parse(entry)!;
        json["reason"] = "forged";
        json["previous"] = previous;
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    public static async Task SwapAsync(Writer writer)
    {
        await writer.ExecuteAsync($"update audit set seq = -5 where seq = 5", CancellationToken.None);
        await writer.ExecuteAsync($"update audit set seq = 5 where seq = 6", CancellationToken.None);
        await writer.ExecuteAsync($"update audit set seq = 6 where seq = -5", CancellationToken.None);
    }

    public static async Task CutAsync(Writer writer, long last)
    {
        await writer.ExecuteAsync($"delete from audit where seq > {last}", CancellationToken.None);
        await writer.ExecuteAsync($"update audit_end set seq = {last}, hash = (select hash from audit where seq = {last})", CancellationToken.None);
    }

    public static async Task RewriteAsync(Writer writer, long from)
    {
        var previous = await writer.FindAsync($"select hash from audit where seq = {from - 1}", row => row.GetString(0), CancellationToken.None) ?? "";
        foreach (var row in await AuditLog.ListAsync(writer, new AuditRange(from - 1, long.MaxValue), 1000, CancellationToken.None))
        {
            var entry = Forged(Encoding.UTF8.GetString(row.Entry), previous);
            previous = Convert.ToHexStringLower(SHA256.HashData(entry));
            await writer.ExecuteAsync($"update audit set entry = {entry}, hash = {previous} where seq = {row.Sequence}", CancellationToken.None);
        }

        await writer.ExecuteAsync($"update audit_end set hash = {previous}", CancellationToken.None);
    }
}
