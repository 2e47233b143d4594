using System.CommandLine;
using System.Text.Json;

namespace Slipway.Commands;

/// <summary>Asks a server whether it is there.</summary>
internal static class StatusCommand
{
    public static Command Create() => new ServerCommand("status", """
        Asks whether a server is there. Exit codes: 0 it is, 2 wrong usage, 3 it is not reachable.

        Example: slipway status --server http://127.0.0.1:5000
        """).Runs(async (talk, cancellationToken) =>
    {
        await talk.Client.PingAsync(cancellationToken);
        var server = talk.Client.Server.ToString();
        await Console.Out.WriteLineAsync(talk.IsJson ? JsonSerializer.Serialize(new ServerStatus(server, true), CommandJson.Default.ServerStatus) : $"Slipway answers at {server}");
        return ExitCode.Done;
    });
}
