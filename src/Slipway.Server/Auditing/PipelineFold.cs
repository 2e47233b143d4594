using System.Globalization;
using Slipway.Server.Governance;
using Slipway.Store;
using Slipway.Store.Auditing;
using Slipway.Wire.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>Which pipeline was in force, from the log alone.</summary>
internal static class PipelineFold
{
    /// <summary>The one that decided about models of this name just after an entry; null when none did.</summary>
    public static async Task<PipelinePast?> FindAsync(Reader reader, string model, long sequence, CancellationToken cancellationToken)
    {
        var applied = new Dictionary<string, (string Models, long Version)>();
        var query = new AuditQuery { Scopes = [new AuditScope("pipelines", 0, sequence)], Outcome = "done", IsOldestFirst = true };
        foreach (var row in await AuditLog.ListAsync(reader, query, cancellationToken))
        {
            var entry = AuditJson.Parse(row);
            var name = entry.Resource[(entry.Resource.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (AuditJson.Text(entry.After, "models") is { } models && long.TryParse(AuditJson.Text(entry.After, "version"), CultureInfo.InvariantCulture, out var version))
            {
                applied[name] = (models, version);
            }
            else
            {
                applied.Remove(name);
            }
        }

        // The closest pattern wins, and of equals the first by name.
        var found = applied.Where(pipeline => NamePattern.Matches(pipeline.Value.Models, model))
            .OrderByDescending(pipeline => NamePattern.LiteralsIn(pipeline.Value.Models))
            .ThenBy(pipeline => pipeline.Key, StringComparer.Ordinal)
            .FirstOrDefault();
        return found.Key is null ? null : new PipelinePast(found.Key, found.Value.Version);
    }
}
