using System.Text.Json;
using Slipway.Store;

namespace Slipway.Server.Auditing;

/// <summary>Puts on record that checkpoints are signed with another key; the key itself is kept outside the database.</summary>
internal sealed record RotateCheckpointKey(string Key) : ChangeRequest<bool>
{
    public override string Action => "audit.rotate-key";

    public override string Resource => "audit/key";

    public override Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        change.Record(null, $$"""{"key":{{JsonSerializer.Serialize(Key)}}}""");
        return Task.FromResult(true);
    }
}
