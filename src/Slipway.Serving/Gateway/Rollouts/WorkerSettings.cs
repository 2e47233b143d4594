using System.Globalization;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Workers;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>Reads a deployment's settings: the options of <c>slipway worker</c> by their names.</summary>
internal static class WorkerSettings
{
    /// <exception cref="FormatException">A setting is unknown or can't be read.</exception>
    public static WorkerOptions ToOptions(Deployment deployment) =>
        deployment.Settings.Aggregate(new WorkerOptions(deployment.Folder), (options, setting) => Apply(options, setting.Key, setting.Value));

    public static WorkerAddress AddressOf(string text) =>
        WorkerAddress.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no address of a worker: http://ADDRESS:PORT or unix:/PATH.");

    private static WorkerOptions Apply(WorkerOptions options, string name, string value) => name switch
    {
        "runtime" => options with { Runtime = value },
        "python" => options with { Python = value },
        "sessions" => options with { Sessions = Number(name, value) },
        "threads" => options with { Threads = Number(name, value) },
        "batch-rows" => options with { BatchRows = Number(name, value) },
        "batch-wait-ms" => options with { BatchWait = TimeSpan.FromMilliseconds(Number(name, value)) },
        "load-seconds" => options with { LoadLimit = TimeSpan.FromSeconds(Number(name, value)) },
        "timeout" => options with { RequestLimit = TimeSpan.FromSeconds(Number(name, value)) },
        "memory" => options with { MemoryLimit = Bytes(name, value) },
        "body-bytes" => options with { BodyLimit = Bytes(name, value) },
        "allow-import" => options with { AllowedImports = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
        "trust-code" => options with { CodeTrusted = value == "true" },
        "pickles" => options with { PicklesTrusted = value == "trusted" },
        _ => throw new FormatException($"A worker has no setting '{name}': runtime, python, allow-import, trust-code, pickles, sessions, threads, batch-rows, batch-wait-ms, load-seconds, timeout, memory, body-bytes."),
    };

    private static long Bytes(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : throw new FormatException($"The setting '{name}' can't be '{value}': a number of bytes.");

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"The setting '{name}' can't be '{value}': a whole number.");
}
