using Slipway.Store;

namespace Slipway.Server;

/// <summary>What every feature leans on.</summary>
internal sealed record Spine(Database Database, Changes Changes, Ingest Ingest, TimeProvider Time)
{
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
