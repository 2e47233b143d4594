using System.CommandLine;
using System.Runtime.InteropServices;
using Slipway.Serving.Gateway;
using Slipway.Serving.Workers;

namespace Slipway.Commands.Serving;

/// <summary>Runs the gateway of one environment; started by the server, and not by people.</summary>
internal static class GatewayCommand
{
    private static readonly Option<string> Folder = new("--folder") { Description = "Holds the table, the control socket and the journals.", Required = true, HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("gateway", "Runs the gateway of one environment by the tables that the server brings to DIR/control.sock.") { Folder };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(Path.GetFullPath(parsed.GetRequiredValue(Folder)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        // Whoever started it may go, with its terminal.
        using var goesOn = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        try
        {
            var workers = new LocalWorkers(new LocalWorkersOptions(Path.Join(folder, "w")));
            await using var gateway = await GatewayHost.StartAsync(new GatewayOptions(folder, workers));
            await Console.Out.WriteLineAsync($"The gateway is controlled at {gateway.ControlSocket}{(gateway.Address is { } address ? $" and listens on {address}" : "")}");
            await gateway.WaitAsync(cancellationToken);
            return ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            await Console.Error.WriteLineAsync($"slipway: The gateway can't start in {folder}: {exception.Message}");
            return ExitCode.Failed;
        }
    }
}
