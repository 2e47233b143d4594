using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Slipway.Serving.Models;
using Slipway.Serving.Workers;

namespace Slipway.Serving.Python;

/// <summary>One Python process with our script in it. It is asked one thing after another.</summary>
internal sealed class PythonChild : IAsyncDisposable
{
    private const int AnswerLimit = 256 << 20;
    private const int HeadLength = 5;
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _watchPeriod = TimeSpan.FromMilliseconds(250);

    private readonly Process _process;
    private readonly DirectoryInfo _home;
    private readonly Stream _output;
    private readonly LastOutput _last = new();
    private readonly int _id;
    private volatile bool _disposed;

    private PythonChild(Process process, DirectoryInfo home)
    {
        (_process, _home) = (process, home);
        (_output, _id) = (process.StandardOutput.BaseStream, process.Id);
    }

    /// <summary>A sentence with the last lines that it wrote.</summary>
    public string Said => _last.Lines is { Count: > 0 } lines ? $"It wrote last: {string.Join(" | ", lines.TakeLast(10))}" : "It wrote nothing.";

    public PythonHello Hello { get; private set; } = new("", Mlflow: false, Apart: false, Files: false);

    public bool HasExited => _process.HasExited;

    /// <summary>Starts Python and waits for its first words.</summary>
    /// <exception cref="ModelFormatException">It does not start.</exception>
    public static async Task<PythonChild> StartAsync(PythonStart start, CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("slipway-python-");
        try
        {
            var child = new PythonChild(Launch(start, home), home);
            _ = child.PassOnAsync();
            _ = child.WatchAsync(start.MemoryLimit);
            try
            {
                var (letter, body) = await child.ReadAsync(_startLimit, cancellationToken);
                child.Hello = letter == 'H' ? JsonSerializer.Deserialize(body, PythonJson.Default.PythonHello)! : throw new PythonFailure($"it began with '{letter}'");
                return child;
            }
            catch (Exception exception)
            {
                await child.DisposeAsync();
                throw exception is PythonFailure ? new ModelFormatException($"{start.Program} does not run: {exception.Message}. {child.Said}", exception) : exception;
            }
        }
        catch
        {
            Remove(home);
            throw;
        }
    }

    /// <summary>Sends a message and waits for the next.</summary>
    /// <exception cref="PythonFailure">It ended, took too long, or said what it should not; it can't be asked again.</exception>
    public async Task<(char Letter, byte[] Body)> AskAsync(char letter, ReadOnlyMemory<byte> body, TimeSpan limit, CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        BinaryPrimitives.WriteInt32LittleEndian(head, body.Length);
        head[^1] = (byte)letter;
        try
        {
            var input = _process.StandardInput.BaseStream;
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(limit);
            await input.WriteAsync(head, late.Token);
            await input.WriteAsync(body, late.Token);
            await input.FlushAsync(late.Token);
        }
        catch (IOException exception)
        {
            throw await EndedAsync(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PythonFailure($"it took nothing within {limit.TotalSeconds:0.###} s", exception) { IsLate = true };
        }

        return await ReadAsync(limit, cancellationToken);
    }

    public void Kill()
    {
        if (!_disposed && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        Kill();
        _disposed = true;
        await _process.WaitForExitAsync();
        _process.Dispose();
        Remove(_home);
    }

    private async Task<(char Letter, byte[] Body)> ReadAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        try
        {
            var head = new byte[HeadLength];
            await _output.ReadExactlyAsync(head, late.Token);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
            var body = length <= AnswerLimit ? new byte[length] : throw new PythonFailure($"its answer is longer than {AnswerLimit} bytes");
            await _output.ReadExactlyAsync(body, late.Token);
            return ((char)head[^1], body);
        }
        catch (Exception exception) when (exception is EndOfStreamException or IOException)
        {
            throw await EndedAsync(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PythonFailure($"it did not answer within {limit.TotalSeconds:0.###} s", exception) { IsLate = true };
        }
    }

    // To our own output too, where whoever keeps the worker looks.
    private async Task PassOnAsync()
    {
        var buffer = new char[4096];
        for (int count; (count = await _process.StandardError.ReadAsync(buffer)) > 0;)
        {
            _last.Add(buffer.AsSpan(0, count));
            await Console.Error.WriteAsync(buffer, 0, count);
        }
    }

    private async Task WatchAsync(long? limit)
    {
        using var timer = new PeriodicTimer(_watchPeriod);
        while (limit is not null && !_disposed && await timer.WaitForNextTickAsync())
        {
            if (ResidentMemory.OfTree(_id) > limit)
            {
                _last.Add($"It held more than {limit >> 20} MiB of memory and was ended.\n");
                Kill();
                return;
            }
        }
    }

    private async Task<PythonFailure> EndedAsync(Exception exception)
    {
        Kill();
        await _process.WaitForExitAsync();
        return new PythonFailure($"it ended with {_process.ExitCode}", exception);
    }

    private static Process Launch(PythonStart start, DirectoryInfo home)
    {
        var script = Path.Join(home.FullName, "slipway_worker.py");
        File.WriteAllText(script, Script());
        var settings = new PythonSettings(start.AddressSpace ?? 0, start.Apart, [start.Model, script], [home.FullName]);
        var info = new ProcessStartInfo(start.Program, ["-I", "-B", "-u", "-X", "faulthandler", script, JsonSerializer.Serialize(settings, PythonJson.Default.PythonSettings)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home.FullName,
        };
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment(home.FullName))
        {
            info.Environment[name] = value;
        }

        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ModelFormatException($"'{start.Program}' can't be started: {exception.Message}. Name a Python with --python.", exception);
        }
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(PythonChild).Assembly.GetManifestResourceStream("Slipway.Serving.Python.worker.py")!);
        return reader.ReadToEnd();
    }

    private static void Remove(DirectoryInfo home)
    {
        if (Directory.Exists(home.FullName))
        {
            Directory.Delete(home.FullName, recursive: true);
        }
    }
}

/// <summary>How Python is started.</summary>
/// <param name="Program">The interpreter.</param>
/// <param name="Model">The model's folder, which it may read.</param>
internal sealed record PythonStart(string Program, string Model)
{
    /// <summary>Its address space at most; null for no limit.</summary>
    public long? AddressSpace { get; init; }

    /// <summary>Whether it gives up network, users and foreign files before it reads anything of the model.</summary>
    public bool Apart { get; init; } = true;

    /// <summary>It is ended above this resident memory; null watches nothing.</summary>
    public long? MemoryLimit { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>All that it sees of the environment.</summary>
    public IEnumerable<(string Name, string Value)> Environment(string home)
    {
        var threads = Threads.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return
        [
            ("PATH", "/usr/local/bin:/usr/bin:/bin"), ("LANG", "C.UTF-8"), ("HOME", home), ("TMPDIR", home),
            ("OMP_NUM_THREADS", threads), ("OPENBLAS_NUM_THREADS", threads), ("MKL_NUM_THREADS", threads), ("NUMEXPR_NUM_THREADS", threads),
        ];
    }
}

/// <summary>A child that can't be asked any more.</summary>
internal sealed class PythonFailure(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it took too long.</summary>
    public bool IsLate { get; init; }
}
