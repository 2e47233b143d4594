using System.Diagnostics;
using System.Text;

namespace Slipway.Testing;

/// <summary>Runs a command of the built executable to its end, as a process of its own.</summary>
public sealed record SlipwayCommand(params IReadOnlyList<string> Arguments)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    /// <summary>The folder that it runs in; ours unless given.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What it can read from stdin.</summary>
    public string Input { get; init; } = "";

    /// <summary>What it finds in its environment besides ours.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The same command for a server.</summary>
    public SlipwayCommand On(Uri server) => this with { Environment = new Dictionary<string, string>(Environment) { ["SLIPWAY_SERVER"] = server.ToString() } };

    public async Task<(int Code, string Output, string Errors)> RunAsync()
    {
        // The executable's files lie beside ours: the test projects refer to it.
        var start = new ProcessStartInfo(System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Join(AppContext.BaseDirectory, "slipway.dll"), .. Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(Input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(_patience);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }
}
