namespace Slipway.Server.Tests.Datasets;

/// <summary>Bytes that arrive in small, uneven pieces, as they may from a network.</summary>
internal sealed class Trickle(byte[] content) : MemoryStream(content)
{
    private readonly int _most = Math.Max(content.Length / 8, 8);
    private readonly Random _random = new(1);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, _random.Next(1, _most))], cancellationToken);
}
