using System.Globalization;
using System.Text;

namespace Slipway.Bench.Content;

/// <summary>A content that changes from version to version, as the kinds of files do that a registry keeps.</summary>
internal sealed class Evolution(string name, byte[] first, Func<byte[], Random, byte[]> next)
{
    private const int Runs = 20;
    private const int Tensor = 1 << 20;

    public string Name => name;

    public long Size => first.Length;

    public IEnumerable<byte[]> Versions(int count)
    {
        var random = new Random(1);
        var content = first;
        for (var version = 0; version < count; version++, content = next(content, random))
        {
            yield return content;
        }
    }

    /// <summary>A table of which 1 % of the rows are changed, added or removed, in 20 runs at random places.</summary>
    public static Evolution Table(int size) => new("table, 1 % of the rows in 20 runs", Rows(new Random(2), size), (content, random) =>
    {
        for (var run = 0; run < Runs; run++)
        {
            var start = NextRow(content, random.Next(content.Length));
            var end = NextRow(content, Math.Min(start + (size / 100 / Runs), content.Length));
            content = random.Next(3) switch
            {
                0 => [.. content.AsSpan(0, start), .. Rows(random, end - start), .. content.AsSpan(end)],
                1 => [.. content.AsSpan(0, start), .. Rows(random, end - start), .. content.AsSpan(start)],
                _ => [.. content.AsSpan(0, start), .. content.AsSpan(end)],
            };
        }

        return content;
    });

    /// <summary>A table of which single rows at random places are changed, 1 % of all: nearly every chunk has one.</summary>
    public static Evolution Scattered(int size) => new("table, 1 % of the rows one by one", Rows(new Random(2), size), (content, random) =>
    {
        var changed = (byte[])content.Clone();
        for (var row = 0; row < size / 100 / 40; row++)
        {
            var start = NextRow(changed, random.Next(changed.Length - 64));
            changed[Math.Min(start + 2, changed.Length - 1)] = (byte)('0' + random.Next(10));
        }

        return changed;
    });

    /// <summary>Weights as tensors of 1 MB, of which 5 % change.</summary>
    public static Evolution Weights(int size)
    {
        var weights = new byte[size / Tensor * Tensor];
        new Random(3).NextBytes(weights);
        return new Evolution("weights, 5 % of the tensors", weights, (content, random) =>
        {
            var changed = (byte[])content.Clone();
            var tensors = Enumerable.Range(0, size / Tensor).ToArray();
            random.Shuffle(tensors);
            foreach (var tensor in tensors.Take(Math.Max(1, tensors.Length / 20)))
            {
                random.NextBytes(changed.AsSpan(tensor * Tensor, Tensor));
            }

            return changed;
        });
    }

    /// <summary>Rows that are all different, until there are so many bytes.</summary>
    public static byte[] Rows(Random random, int size)
    {
        var bytes = new byte[size];
        for (var length = 0; length < size;)
        {
            var row = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{random.Next(1_000_000)},{random.NextDouble():F6},{random.NextDouble():F6},{random.Next(100)},c{random.Next(5)}\n"));
            var taken = Math.Min(row.Length, size - length);
            row.AsSpan(0, taken).CopyTo(bytes.AsSpan(length));
            length += taken;
        }

        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static int NextRow(byte[] content, int position) =>
        content.AsSpan(position).IndexOf((byte)'\n') is var distance and >= 0 ? position + distance + 1 : content.Length;
}
