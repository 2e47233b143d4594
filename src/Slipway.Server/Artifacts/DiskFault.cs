using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>What the disk says, in words for callers.</summary>
internal static class DiskFault
{
    /// <summary>The disk does not take the file now.</summary>
    public static Fault CantStore(Exception exception) => Fault.Unavailable("The artifact can't be stored: the server's disk is full or failing.", exception);
}
