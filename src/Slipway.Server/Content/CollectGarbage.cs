using System.Text.Json;
using Slipway.Store;
using Slipway.Wire.Content;
using Slipway.Wire.Json;

namespace Slipway.Server.Content;

/// <summary>Puts on record what a sweep removed.</summary>
internal sealed record CollectGarbage(CollectGarbageResponse Done) : ChangeRequest<bool>
{
    public override string Action => "content.collect";

    public override string Resource => "content";

    public override Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        change.Record(null, JsonSerializer.Serialize(Done, WireJson.Of<CollectGarbageResponse>()));
        return Task.FromResult(true);
    }
}
