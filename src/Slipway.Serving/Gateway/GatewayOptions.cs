using Slipway.Serving.Workers;

namespace Slipway.Serving.Gateway;

/// <summary>What a gateway is started with; all else comes with its table.</summary>
/// <param name="Folder">Holds the table, the control socket and the journals; made for its owner alone.</param>
/// <param name="Workers">Starts workers.</param>
internal sealed record GatewayOptions(string Folder, IWorkers Workers)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How often outcomes are judged and workers looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(50);
}
