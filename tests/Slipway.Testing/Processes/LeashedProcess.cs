using System.Diagnostics;
using System.Globalization;

namespace Slipway.Testing;

/// <summary>A child that can't outlive us, not even when we are killed.</summary>
internal sealed class LeashedProcess : IAsyncDisposable
{
    // A shell stands between: its watcher reads a pipe that only we can write to, and ends the child when that pipe closes.
    // The child says its id before it becomes the program, so that is always the first line; its own stdin is not the pipe.
    // Keys pressed in the terminal reach the shell too, so it waits again until the child is really gone.
    private const string Shell = """
        signal=$1 folder=$2
        shift 2
        trap : INT TERM HUP
        exec 3<&0
        sh -c 'echo "$$"; exec "$@"' sh "$@" 3<&- </dev/null &
        child=$!
        ( trap '' INT TERM HUP; read -r line <&3; kill -s "$signal" "$child" ) >/dev/null 2>&1 &
        watcher=$!
        exec 3<&- </dev/null
        wait "$child"
        status=$?
        while kill -s 0 "$child" 2>/dev/null; do
            wait "$child"
            status=$?
        done
        kill -s KILL "$watcher"
        [ -z "$folder" ] || rm -rf -- "$folder"
        exit "$status"
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Transcript _transcript = new();
    private readonly TaskCompletionSource<int> _pid = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _end;

    private LeashedProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, isError: true);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _end = EndAsync();
    }

    public IReadOnlyList<string> Output => _transcript.Lines(errors: false);

    public IReadOnlyList<string> Errors => _transcript.Lines(errors: true);

    public bool HasExited => _process.HasExited;

    /// <summary>The id of the program itself, not of the shell in between.</summary>
    public Task<int> PidAsync() => _pid.Task.WaitAsync(_patience);

    public static LeashedProcess Start(Leash leash)
    {
        string[] command = [.. leash.Prefix, "/bin/sh", "-c", Shell, "sh", leash.Signal, leash.Folder, .. leash.Command];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = leash.WorkingFolder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in leash.Environment)
        {
            start.Environment[name] = value;
        }

        return new LeashedProcess(Process.Start(start)!);
    }

    /// <summary>Waits for a line on stdout or stderr; a process that ends without it, or keeps us waiting, is a failure.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> wanted, TimeSpan patience)
    {
        try
        {
            return await _transcript.FindAsync(wanted).WaitAsync(patience)
                ?? throw new InvalidOperationException($"The process ended with {_process.ExitCode} before it was ready:\n{_transcript}");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The process was not ready after {patience}:\n{_transcript}", late);
        }
    }

    /// <summary>Waits until the process is gone and answers its exit code: 128 and the signal, if one ended it.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        await _end.WaitAsync(patience);
        return _process.ExitCode;
    }

    /// <summary>Ends the process and waits for that on this thread: when our own process ends there is no other.</summary>
    public void Release()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(_patience))
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(Release);
        await _end;
        _process.Dispose();
    }

    private async Task EndAsync()
    {
        await _process.WaitForExitAsync();
        _pid.TrySetException(new InvalidOperationException($"The process did not start:\n{_transcript}"));
        _transcript.End();
    }

    private void Hear(string? line, bool isError = false)
    {
        if (line is null || (!isError && int.TryParse(line, CultureInfo.InvariantCulture, out var pid) && _pid.TrySetResult(pid)))
        {
            return;
        }

        _transcript.Add(line, isError);
    }
}
