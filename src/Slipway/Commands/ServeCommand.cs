using System.CommandLine;
using System.Net.Sockets;
using Slipway.Server;
using Slipway.Store;
using Slipway.Store.Sqlite;

namespace Slipway.Commands;

/// <summary>Runs the server until it is asked to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", """
            Starts the server and says where it listens.

            Each option may also be given in the environment (--allow-anonymous is SLIPWAY_ALLOW_ANONYMOUS) or as a key of
            a JSON file ({"allow-anonymous": true}); a flag wins over the environment, and that over the file.

            Example: slipway serve --port 5000 --data ./slipway-data
            """);
        var file = new Option<string?>("--config") { Description = "A JSON file with settings (SLIPWAY_CONFIG)." };
        command.Options.Add(file);
        var flags = Setting.All.ToDictionary(setting => setting.Name, setting => setting.ToOption());
        foreach (var flag in flags.Values)
        {
            command.Options.Add(flag);
        }

        command.SetAction((parsed, cancellationToken) => RunAsync(
            () => Settings.Read(parsed.GetValue(file), name => parsed.GetResult(flags[name]) is null ? null : parsed.GetValue(flags[name])),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Func<ServerOptions> read, CancellationToken cancellationToken)
    {
        try
        {
            var options = read();
            await using var server = await SlipwayServer.StartAsync(options, time: null, cancellationToken);
            await GreetAsync(server, options);
            await server.WaitAsync(cancellationToken);
            return ExitCode.Done;
        }
        catch (OptionsException exception)
        {
            return await FailAsync(exception.Message, ExitCode.WrongUsage);
        }
        catch (Exception exception) when (Told(exception) is not null)
        {
            return await FailAsync(Told(exception)!, ExitCode.Failed);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
    }

    private static async Task GreetAsync(SlipwayServer server, ServerOptions options)
    {
        var address = server.Address.ToString().TrimEnd('/');
        await Console.Out.WriteLineAsync($"""
            Slipway {typeof(ServeCommand).Assembly.GetName().Version?.ToString(3)} listens on {address}{(server.ListensEverywhere ? " (and at every other address of this machine)" : "")}
              database   {server.DatabaseDescription}
              artifacts  {Path.GetFullPath(Path.Join(options.Data, "artifacts"))}

            Point an MLflow client at it:
              export MLFLOW_TRACKING_URI={address}

            Ctrl+C stops it.
            """);
        if (server.SetupToken is { } setup)
        {
            await Console.Out.WriteLineAsync($"""

                There is no user yet. Make the first one, an admin, with this token, which is good once:
                  slipway users add NAME --admin --server {address} --setup-token {setup}
                """);
        }
    }

    // Failures that a person can do something about, in one sentence; all others keep their stack.
    private static string? Told(Exception exception) => exception switch
    {
        FolderInUseException or SchemaException or Fault or UnauthorizedAccessException => exception.Message,
        IOException => exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message,
        System.Data.Common.DbException => $"The database can't be opened: {exception.Message}",
        SocketException => exception.Message,
        _ => null,
    };

    private static async Task<int> FailAsync(string message, int code)
    {
        foreach (var line in message.Split('\n'))
        {
            await Console.Error.WriteLineAsync($"slipway: {line}");
        }

        return code;
    }
}
