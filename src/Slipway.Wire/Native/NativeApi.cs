namespace Slipway.Wire.Native;

/// <summary>The native API's own paths and headers.</summary>
public static class NativeApi
{
    /// <summary>What every native path begins with.</summary>
    public const string Prefix = "/api/slipway/v1/";

    /// <summary>The header by which a POST says which request it repeats: up to 128 printable characters of the client's choice.</summary>
    public const string IdempotencyHeader = "Idempotency-Key";
}
