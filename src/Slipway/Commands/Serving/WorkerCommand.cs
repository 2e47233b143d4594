using System.CommandLine;
using Slipway.Serving.Workers;

namespace Slipway.Commands.Serving;

/// <summary>Serves a model's folder: what a gateway starts for each of its workers.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The model's folder.", HelpName = "FOLDER", Required = true };
        var listen = new Option<string>("--listen") { Description = "Where: unix:/path/to/socket, or http://127.0.0.1:PORT.", HelpName = "ADDRESS", Required = true };
        var leash = new Option<bool>("--until-stdin-closes") { Description = "Ends when whoever started it does." };
        var settings = new WorkerSettings();
        var command = new Command(WorkerProgram.Verb, "Serves a model's folder by the scoring protocol.") { model, listen, leash };
        command.Hidden = true;
        settings.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!WorkerAddress.TryParse(parsed.GetRequiredValue(listen), out var address))
            {
                return await FailAsync("--listen has to be unix:/path/to/socket, or http://127.0.0.1:PORT.");
            }

            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(leash))
            {
                _ = EndWithStdinAsync(ending);
            }

            try
            {
                return await ForegroundWorker.RunAsync(settings.Read(parsed, parsed.GetRequiredValue(model)), address, served => Console.Out.WriteLineAsync($"ready {served.Address} {served.Runtime}"), ending.Token);
            }
            catch (UsageException exception)
            {
                return await FailAsync(exception.Message);
            }
        });
        return command;
    }

    private static async Task EndWithStdinAsync(CancellationTokenSource ending)
    {
        await using var stdin = Console.OpenStandardInput();
        var nothing = new byte[1];
        while (await stdin.ReadAsync(nothing) > 0)
        {
            // Nothing is said there.
        }

        await ending.CancelAsync();
    }

    private static async Task<int> FailAsync(string message)
    {
        await Console.Error.WriteLineAsync($"slipway: {message}");
        return ExitCode.WrongUsage;
    }
}
