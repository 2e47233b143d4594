using System.Text.Json;
using Slipway.Store;
using Slipway.Store.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>Puts on record that checkpoints are signed with another key; the key itself is kept outside the database.</summary>
internal sealed record RotateCheckpointKey(string Key) : ChangeRequest<bool>
{
    private const string ActionName = "audit.rotate-key";

    public override string Action => ActionName;

    public override string Resource => "audit/key";

    public override Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        change.Record(null, $$"""{"key":{{JsonSerializer.Serialize(Key)}}}""");
        return Task.FromResult(true);
    }

    /// <summary>When it was last done, in milliseconds; 0 if never.</summary>
    public static async Task<long> LastAsync(Reader reader, CancellationToken cancellationToken) =>
        await AuditLog.FindTimeAsync(reader, ActionName, cancellationToken) ?? 0;
}
