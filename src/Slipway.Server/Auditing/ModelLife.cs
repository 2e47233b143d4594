using Slipway.Store;
using Slipway.Store.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>What the log tells of one model, through all its names: another that has the name of a deleted one is not the same.</summary>
/// <param name="Scopes">Its names, from the first on, each for its time.</param>
internal sealed record ModelLife(IReadOnlyList<AuditScope> Scopes)
{
    private const int Batch = 1000;

    /// <summary>The model that had the name just after an entry; null when none had.</summary>
    public static async Task<ModelLife?> FindAsync(Reader reader, string name, long sequence, CancellationToken cancellationToken)
    {
        var scopes = new Stack<AuditScope>();
        var (last, place) = (sequence, sequence);
        while (await AuditLog.FindLifeAsync(reader, name, (place, IsBehind: false), cancellationToken) is { } row)
        {
            var entry = AuditJson.Parse(row);
            if (entry.Action == "model.create")
            {
                scopes.Push(new AuditScope($"models/{name}", row.Sequence - 1, last));
                return new ModelLife([.. scopes]);
            }

            var (before, after) = (AuditJson.Text(entry.Before, "name"), AuditJson.Text(entry.After, "name"));
            if (after != name)
            {
                // Deleted, or renamed to something else.
                return null;
            }

            place = row.Sequence - 1;
            if (before != name)
            {
                // The rename itself is told under the old name.
                scopes.Push(new AuditScope($"models/{name}", row.Sequence, last));
                (name, last) = (before!, row.Sequence);
            }
        }

        return null;
    }

    /// <summary>What the model is called now that had the name just after an entry; null when it is gone.</summary>
    public static async Task<string?> FindNameNowAsync(Reader reader, string name, long sequence, CancellationToken cancellationToken)
    {
        while (await AuditLog.FindLifeAsync(reader, name, (sequence, IsBehind: true), cancellationToken) is { } row)
        {
            var entry = AuditJson.Parse(row);
            if (AuditJson.Text(entry.After, "name") is not { } after)
            {
                return null;
            }

            (name, sequence) = (after, row.Sequence);
        }

        return name;
    }

    /// <summary>Puts together from the log alone what the model came to.</summary>
    public async Task<ModelFold> FoldAsync(Reader reader, CancellationToken cancellationToken)
    {
        var fold = new ModelFold();
        var query = new AuditQuery { Scopes = Scopes, Outcome = "done", IsOldestFirst = true, Limit = Batch };
        while (await AuditLog.ListAsync(reader, query, cancellationToken) is { Count: > 0 } rows)
        {
            rows.ForEach(row => fold.Take(AuditJson.Parse(row)));
            query = query with { Cursor = rows[^1].Sequence };
        }

        return fold;
    }
}
