using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.Store.Auditing;

/// <summary>A line of a checkpoint file: a key that is introduced, or a checkpoint. Its form is told in docs/audit.md.</summary>
internal sealed record CheckpointLine
{
    public long? Sequence { get; init; }

    public string? Hash { get; init; }

    public required long Time { get; init; }

    /// <summary>The key that is introduced, or that signs the checkpoint.</summary>
    public required string Key { get; init; }

    /// <summary>The public key that is introduced, as a SubjectPublicKeyInfo in base64.</summary>
    public string? Public { get; init; }

    /// <summary>The key that introduces it.</summary>
    public string? SignedBy { get; init; }

    public string Signature { get; init; } = "";

    public bool IsKey => Public is not null;

    private byte[] SignedBytes => Encoding.UTF8.GetBytes(IsKey
        ? string.Create(CultureInfo.InvariantCulture, $"slipway key\n{Key}\n{Public}\n{Time}\n{SignedBy}\n")
        : string.Create(CultureInfo.InvariantCulture, $"slipway checkpoint\n{Sequence}\n{Hash}\n{Time}\n{Key}\n"));

    public static CheckpointLine Of(Checkpoint checkpoint, CheckpointKey key)
    {
        var line = new CheckpointLine { Sequence = checkpoint.Sequence, Hash = checkpoint.Hash, Time = checkpoint.Time, Key = key.Id };
        return line with { Signature = key.Sign(line.SignedBytes) };
    }

    public static CheckpointLine Introducing(CheckpointKey introduced, CheckpointKey signer, long time)
    {
        var line = new CheckpointLine { Key = introduced.Id, Public = introduced.Public, Time = time, SignedBy = signer.Id };
        return line with { Signature = signer.Sign(line.SignedBytes) };
    }

    public bool IsSignedBy(CheckpointKey key) => key.Verifies(SignedBytes, Signature);

    public string ToText() => JsonSerializer.Serialize(this, AuditJson.Default.CheckpointLine);

    public static CheckpointLine? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, AuditJson.Default.CheckpointLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
