using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Slipway.Serving.Models;
using Slipway.Serving.Workers;

namespace Slipway.Commands.Serving;

/// <summary>Serves a model in this process until it is asked to stop.</summary>
internal static class ForegroundWorker
{
    private static readonly TimeSpan MemoryCheckEvery = TimeSpan.FromSeconds(1);

    /// <summary>Answers an exit code; what fails is told in a sentence on stderr.</summary>
    /// <param name="options">How it is served.</param>
    /// <param name="listen">Where.</param>
    /// <param name="greet">Says that it is ready.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(WorkerOptions options, WorkerAddress listen, Func<ServedModel, Task> greet, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
        try
        {
            await using var served = await ServedModel.StartAsync(options, listen, loggers, cancellationToken);
            await greet(served);
            return await WatchAsync(options, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException or SocketException)
        {
            await Console.Error.WriteLineAsync($"slipway: {exception.Message}");
            return ExitCode.Failed;
        }
    }

    private static async Task<int> WatchAsync(WorkerOptions options, CancellationToken cancellationToken)
    {
        while (options.MemoryLimit is not { } limit || ResidentMemory.OfTree(Environment.ProcessId) <= limit)
        {
            await Task.Delay(options.MemoryLimit is null ? Timeout.InfiniteTimeSpan : MemoryCheckEvery, cancellationToken);
        }

        await Console.Error.WriteLineAsync($"slipway: The model took more than {options.MemoryLimit} bytes of memory, which is the limit (--memory).");
        return ExitCode.Failed;
    }
}
