namespace Slipway.Store.Auditing;

/// <summary>All that checkpoint files say of the log, each line of which was verified.</summary>
public sealed class CheckpointTrail
{
    public static readonly CheckpointTrail None = new();

    private readonly Dictionary<long, Checkpoint> _points = [];

    /// <summary>The first line that is not what was written; null when all are.</summary>
    public string? Problem { get; private set; }

    public long Count => _points.Count;

    /// <summary>The one that saw the longest log.</summary>
    public Checkpoint? Last { get; private set; }

    public static async Task<CheckpointTrail> ReadAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var trail = new CheckpointTrail();
        foreach (var file in files)
        {
            using var reading = new CheckpointReading(Path.GetFileName(file));
            await foreach (var line in LinesAsync(file, cancellationToken))
            {
                if (reading.Take(line) is { } checkpoint)
                {
                    trail.Add(checkpoint);
                }
            }

            trail.Problem ??= reading.Problem;
        }

        return trail;
    }

    /// <summary>How many saw an end of the log in a span, and which of them the last.</summary>
    internal (long Count, Checkpoint? Last) Within(long first, long last)
    {
        var seen = _points.Values.Where(point => point.Sequence >= first && point.Sequence <= last).ToList();
        return (seen.Count, seen.MaxBy(point => point.Sequence));
    }

    internal Checkpoint? Find(long sequence) => _points.GetValueOrDefault(sequence);

    /// <summary>The whole lines of a file: what the process was writing when it was killed is none.</summary>
    internal static async IAsyncEnumerable<string> LinesAsync(string file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var lines = new StreamReader(stream);
        var before = await lines.ReadLineAsync(cancellationToken);
        while (before is not null)
        {
            var next = await lines.ReadLineAsync(cancellationToken);
            if (next is null && !EndsWithNewLine(stream))
            {
                yield break;
            }

            yield return before;
            before = next;
        }
    }

    private static bool EndsWithNewLine(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private void Add(Checkpoint checkpoint)
    {
        // Two processes that saw the same entry must have seen the same hash.
        if (_points.TryGetValue(checkpoint.Sequence, out var other) && other.Hash != checkpoint.Hash)
        {
            Problem ??= $"Two checkpoints saw different entries {checkpoint.Sequence}.";
        }

        _points[checkpoint.Sequence] = checkpoint;
        Last = Last is null || checkpoint.Sequence >= Last.Sequence ? checkpoint : Last;
    }
}

/// <summary>One file, line by line.</summary>
internal sealed class CheckpointReading(string name) : IDisposable
{
    private int _line;

    public CheckpointKey? Key { get; private set; }

    /// <summary>When it was introduced.</summary>
    public long KeyTime { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>Verifies a line; answers the checkpoint if it is one.</summary>
    public Checkpoint? Take(string text)
    {
        _line++;
        if (Problem is not null)
        {
            return null;
        }

        if (CheckpointLine.TryParse(text) is not { } line)
        {
            Problem = $"{name}, line {_line}: it is no checkpoint.";
            return null;
        }

        if (line.IsKey)
        {
            Introduce(line);
            return null;
        }

        if (Key is null || line.Key != Key.Id || !line.IsSignedBy(Key) || line is not { Sequence: { } sequence, Hash: { } hash })
        {
            Problem = $"{name}, line {_line}: its signature is not by the key in force.";
            return null;
        }

        return new Checkpoint(sequence, hash, line.Time);
    }

    public void Dispose() => Key?.Dispose();

    // The first key introduces itself, each later one is introduced by the one before.
    private void Introduce(CheckpointLine line)
    {
        var introduced = CheckpointKey.TryReadPublic(line.Public!);
        var signer = Key ?? introduced;
        if (introduced is null || introduced.Id != line.Key || signer!.Id != line.SignedBy || !line.IsSignedBy(signer))
        {
            Problem = $"{name}, line {_line}: the key is not introduced by the key in force.";
            introduced?.Dispose();
            return;
        }

        Key?.Dispose();
        (Key, KeyTime) = (introduced, line.Time);
    }
}
