namespace Slipway.Store.Auditing;

/// <summary>The lines that a checkpoint file is made of.</summary>
public static class CheckpointLines
{
    public static string Of(Checkpoint checkpoint, CheckpointKey key) => CheckpointLine.Of(checkpoint, key).ToText();

    /// <summary>Introduces a key; the first one introduces itself.</summary>
    public static string Introducing(CheckpointKey introduced, CheckpointKey signer, long time) => CheckpointLine.Introducing(introduced, signer, time).ToText();
}

/// <summary>Where a checkpoint file goes on.</summary>
/// <param name="Key">The key in force; null when the file is not what was written.</param>
/// <param name="Last">Its last checkpoint.</param>
/// <param name="Length">How many bytes its whole lines take.</param>
public sealed record CheckpointTail(string? Key, Checkpoint? Last, long Length)
{
    /// <summary>When the key in force was introduced.</summary>
    public long KeyTime { get; init; }

    public static async Task<CheckpointTail> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var (last, length) = ((Checkpoint?)null, 0L);
        using var reading = new CheckpointReading(file);
        await foreach (var line in CheckpointTrail.LinesAsync(file, cancellationToken))
        {
            last = reading.Take(line) ?? last;
            length += System.Text.Encoding.UTF8.GetByteCount(line) + 1;
        }

        return new CheckpointTail(reading.Problem is null ? reading.Key?.Id : null, last, length) { KeyTime = reading.KeyTime };
    }
}
