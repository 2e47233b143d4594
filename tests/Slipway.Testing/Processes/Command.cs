using System.Diagnostics;

namespace Slipway.Testing;

/// <summary>Runs a short command to its end.</summary>
internal static class Command
{
    public static async Task RunAsync(IReadOnlyList<string> command)
    {
        if (await TryRunAsync(command) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }

    /// <summary>Answers null when the command succeeds, else what it said.</summary>
    public static async Task<string?> TryRunAsync(IReadOnlyList<string> command)
    {
        // The root folder, for another user may not enter ours.
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? null
            : $"{string.Join(' ', command)} ended with {process.ExitCode}:\n{await output}{await error}";
    }
}
