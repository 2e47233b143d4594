using System.CommandLine;
using System.Text.Json;
using Slipway.Client;

namespace Slipway.Commands;

/// <summary>Asks a server whether it is there.</summary>
internal static class StatusCommand
{
    private const string DefaultServer = "http://127.0.0.1:5000";

    public static Command Create()
    {
        var server = new Option<string?>("--server") { Description = $"The server's address (SLIPWAY_SERVER); {DefaultServer} unless told otherwise." };
        var json = new Option<bool>("--json") { Description = "Answer in JSON." };
        var command = new Command("status", """
            Asks whether a server is there. Exit codes: 0 it is, 2 wrong usage, 3 it is not reachable.

            Example: slipway status --server http://127.0.0.1:5000
            """)
        {
            server,
            json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(server) ?? Environment.GetEnvironmentVariable("SLIPWAY_SERVER") ?? DefaultServer,
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string server, bool json, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            await Console.Error.WriteLineAsync($"slipway: '{server}' is no address of a server; it looks like {DefaultServer}.");
            return ExitCode.WrongUsage;
        }

        using var client = new SlipwayClient(address, Environment.GetEnvironmentVariable("SLIPWAY_TOKEN"));
        try
        {
            await client.PingAsync(cancellationToken);
            await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(new ServerStatus(client.Server.ToString(), true), CommandJson.Default.ServerStatus) : $"Slipway answers at {client.Server}");
            return ExitCode.Done;
        }
        catch (ServerUnreachableException exception)
        {
            await Console.Error.WriteLineAsync($"slipway: {exception.Message}");
            return ExitCode.Unreachable;
        }
        catch (SlipwayException exception)
        {
            await Console.Error.WriteLineAsync($"slipway: {exception.Message}");
            return ExitCode.Failed;
        }
    }
}
