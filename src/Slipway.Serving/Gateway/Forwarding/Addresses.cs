namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>What workers are asked. The host means nothing: each link has its own way to connect.</summary>
internal static class Addresses
{
    public static readonly Uri Ping = new("http://worker/ping");
    public static readonly Uri Invocations = new("http://worker/invocations");
    public static readonly Uri Version = new("http://worker/version");
}
