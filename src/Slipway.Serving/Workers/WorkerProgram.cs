using System.Globalization;

namespace Slipway.Serving.Workers;

/// <summary>The command line of a worker.</summary>
internal static class WorkerProgram
{
    /// <summary>The verb of the command, which is not shown in the help.</summary>
    public const string Verb = "worker";

    /// <summary>This executable; started by <c>dotnet</c>, or by a program that has it beside itself, the same by <c>dotnet</c>.</summary>
    public static IReadOnlyList<string> Find()
    {
        var own = Environment.ProcessPath ?? "";
        if (Path.GetFileNameWithoutExtension(own) == "slipway")
        {
            return [own];
        }

        var dotnet = Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return [dotnet, Path.Join(AppContext.BaseDirectory, "slipway.dll")];
    }

    /// <summary>What follows the executable.</summary>
    public static IReadOnlyList<string> Arguments(WorkerOptions options, WorkerAddress listen) =>
    [
        Verb, "--model", options.Model, "--listen", listen.ToString(), "--until-stdin-closes",
        .. Given("--runtime", options.Runtime),
        .. Given("--python", options.Python),
        .. Given("--memory", options.MemoryLimit is { } limit ? Text(limit) : null),
        .. options.AllowedImports.SelectMany(name => Given("--allow-import", name)),
        .. options.CodeTrusted ? ["--trust-code"] : Array.Empty<string>(),
        "--pickles", options.PicklesTrusted ? "trusted" : "refused",
        "--load-seconds", Text(options.LoadLimit.TotalSeconds),
        "--timeout", Text(options.RequestLimit.TotalSeconds),
        "--body-bytes", Text(options.BodyLimit),
        "--sessions", Text(options.Sessions),
        "--threads", Text(options.Threads),
        "--batch-rows", Text(options.BatchRows),
        "--batch-wait-ms", Text(options.BatchWait.TotalMilliseconds),
    ];

    /// <summary>All that a worker finds in its environment: no secret of whoever starts it.</summary>
    public static IReadOnlyDictionary<string, string> Environs(WorkerOptions options, string folder)
    {
        var environs = new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["TMPDIR"] = folder,
            ["LANG"] = "C.UTF-8",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            // Without it, any process of the same user could attach and look into it.
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_gcServer"] = "0",
        };
        if (options.MemoryLimit is { } limit)
        {
            // The native library's memory and the model's own are not in the heap.
            environs["DOTNET_GCHeapHardLimit"] = (limit / 2).ToString("X", CultureInfo.InvariantCulture);
        }

        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root)
        {
            environs["DOTNET_ROOT"] = root;
        }

        return environs;
    }

    private static IReadOnlyList<string> Given(string option, string? value) => value is null ? [] : [option, value];

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
