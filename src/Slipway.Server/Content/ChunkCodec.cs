namespace Slipway.Server.Content;

/// <summary>How a chunk's bytes lie in a pack.</summary>
internal enum ChunkCodec
{
    /// <summary>As they are.</summary>
    Plain = 0,

    /// <summary>A frame of Zstandard (RFC 8878).</summary>
    Zstandard = 1,
}
