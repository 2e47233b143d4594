using System.Text;
using Slipway.Server.Artifacts;
using Slipway.Store.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>The checkpoints of this process, and the key that signs them. Several processes on one folder have one each.</summary>
internal sealed class CheckpointFile : IDisposable
{
    private const int MostFiles = 1000;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _gate = new();
    private readonly string _place;
    private readonly FileStream _held;
    private readonly FileStream _lines;
    private CheckpointKey _key;

    private CheckpointFile(string place, FileStream held, FileStream lines, CheckpointKey key) => (_place, _held, _lines, _key) = (place, held, lines, key);

    /// <summary>The last checkpoint in it; null while there is none.</summary>
    public Checkpoint? Last { get; private set; }

    /// <summary>When its key was introduced.</summary>
    public long KeyTime { get; private set; }

    /// <summary>Takes the first file that no other process has and whose key is there; makes one if there is none.</summary>
    public static async Task<CheckpointFile> OpenAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        DurableFolders.Create(Path.GetFullPath(folder));
        for (var number = 1; number <= MostFiles; number++)
        {
            var place = Path.Join(folder, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (TryHold(place) is not { } held)
            {
                continue;
            }

            if (await TryOpenAsync(place, held, time, cancellationToken) is { } file)
            {
                return file;
            }

            await held.DisposeAsync();
        }

        throw new IOException($"No file for audit checkpoints can be used in {folder}.");
    }

    /// <summary>Every checkpoint file of the folder.</summary>
    public static IReadOnlyList<string> All(string folder) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)] : [];

    /// <summary>Signs and writes; when this returns they are on disk.</summary>
    /// <returns>The lines as they were written.</returns>
    public IReadOnlyList<string> Append(IReadOnlyList<Checkpoint> checkpoints)
    {
        lock (_gate)
        {
            List<string> lines = [.. checkpoints.Select(checkpoint => CheckpointLines.Of(checkpoint, _key))];
            Write(lines);
            Last = checkpoints[^1];
            return lines;
        }
    }

    /// <summary>Signs with another key from now on, which the one before introduces.</summary>
    /// <param name="next">The key; it is disposed of with the file.</param>
    /// <param name="time">When it was asked for.</param>
    /// <returns>The line as it was written.</returns>
    public string Rotate(CheckpointKey next, long time)
    {
        lock (_gate)
        {
            // A process that is killed in between finds the next key beside the line that introduces it.
            WriteKey(NextKeyOf(_place), next);
            var line = CheckpointLines.Introducing(next, _key, time);
            Write([line]);
            File.Move(NextKeyOf(_place), KeyOf(_place), overwrite: true);
            DurableFolders.Flush(Path.GetDirectoryName(_place)!);
            _key.Dispose();
            (_key, KeyTime) = (next, time);
            return line;
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _held.Dispose();
        _key.Dispose();
    }

    private static string KeyOf(string place) => place + ".pem";

    private static string NextKeyOf(string place) => place + ".next.pem";

    private static string LinesOf(string place) => place + ".jsonl";

    private static FileStream? TryHold(string place)
    {
        try
        {
            return new FileStream(place + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<CheckpointFile?> TryOpenAsync(string place, FileStream held, TimeProvider time, CancellationToken cancellationToken)
    {
        var (lines, key) = (LinesOf(place), KeyOf(place));
        if (!File.Exists(lines) && !File.Exists(key))
        {
            return Make(place, held, time);
        }

        if (!File.Exists(lines) || new FileInfo(lines).Length == 0)
        {
            return null;
        }

        var tail = await CheckpointTail.ReadAsync(lines, cancellationToken);
        if (tail.Key is null || ReadKey(place, tail.Key) is not { } found)
        {
            return null;
        }

        return new CheckpointFile(place, held, OpenLines(place, tail.Length), found) { Last = tail.Last, KeyTime = tail.KeyTime };
    }

    // The key that the last line of the file is signed with, or that it introduces.
    private static CheckpointKey? ReadKey(string place, string id)
    {
        foreach (var file in new[] { KeyOf(place), NextKeyOf(place) }.Where(File.Exists))
        {
            try
            {
                var key = CheckpointKey.FromPem(File.ReadAllText(file));
                if (key.Id == id)
                {
                    File.Move(file, KeyOf(place), overwrite: true);
                    return key;
                }

                key.Dispose();
            }
            catch (Exception exception) when (exception is ArgumentException or System.Security.Cryptography.CryptographicException)
            {
                // No key of ours; this process takes another file.
            }
        }

        return null;
    }

    private static CheckpointFile Make(string place, FileStream held, TimeProvider time)
    {
        var key = CheckpointKey.Create();
        WriteKey(KeyOf(place), key);
        var file = new CheckpointFile(place, held, OpenLines(place, 0), key) { KeyTime = time.GetUtcNow().ToUnixTimeMilliseconds() };
        file.Write([CheckpointLines.Introducing(key, key, file.KeyTime)]);
        DurableFolders.Flush(Path.GetDirectoryName(place)!);
        return file;
    }

    private static FileStream OpenLines(string place, long length)
    {
        var lines = new FileStream(LinesOf(place), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

        // What was being written when a process was killed is no line.
        lines.SetLength(length);
        lines.Seek(0, SeekOrigin.End);
        return lines;
    }

    private static void WriteKey(string file, CheckpointKey key)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        File.Delete(file);
        using var stream = new FileStream(file, options);
        stream.Write(Encoding.ASCII.GetBytes(key.ToPem() + "\n"));
        stream.Flush(flushToDisk: true);
    }

    private void Write(IReadOnlyList<string> lines)
    {
        var before = _lines.Length;
        try
        {
            _lines.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
            _lines.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _lines.SetLength(before);
            throw;
        }
    }
}
