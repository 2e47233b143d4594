using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Wire.Content;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What the chunker promises of any content.</summary>
public sealed class ChunkerTests
{
    [Fact]
    public void Cuts_never_change()
    {
        // As docs/content-store.md defines them: other cuts would share nothing with what is stored.
        byte[] content = [.. Enumerable.Range(0, 1 << 15).SelectMany(i => SHA256.HashData(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture))))];

        Assert.Equal([203582, 84146, 31313, 16955, 52265, 128692, 139982, 95687, 55320, 33448, 56032, 85731, 60365, 5058], Lengths(content));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunker.Least)]
    [InlineData(Chunker.Least + 1)]
    [InlineData(Chunker.Greatest)]
    [InlineData(Chunker.Greatest + 1)]
    [InlineData(3_000_000)]
    public void Chunks_make_up_the_content_and_keep_to_their_bounds(int length)
    {
        foreach (var content in new[] { Bytes(length, length), new byte[length] })
        {
            var lengths = Lengths(content);

            Assert.Equal(length, lengths.Sum());
            Assert.All(lengths.SkipLast(1), one => Assert.InRange(one, Chunker.Least + 1, Chunker.Greatest));
            Assert.All(lengths.TakeLast(1), one => Assert.InRange(one, 1, Chunker.Greatest));
        }
    }

    [Fact]
    public void A_chunk_is_about_as_long_as_it_should_be()
    {
        var lengths = Lengths(Bytes(1, 64 << 20));

        Assert.InRange(lengths.Average(), 55 << 10, 65 << 10);
    }

    [Fact]
    public void Where_the_content_is_seen_in_parts_the_cuts_are_the_same()
    {
        var content = Bytes(3, 4 << 20);
        var whole = Lengths(content);
        var start = 0;

        foreach (var length in whole.SkipLast(1))
        {
            for (var seen = length; seen < length + 50_000 && start + seen < content.Length; seen += 9_973)
            {
                Assert.Contains(Chunker.Cut(content.AsSpan(start, seen), isAll: false), new[] { 0, length });
            }

            Assert.Equal(length, Chunker.Cut(content.AsSpan(start, Math.Min(Chunker.Greatest, content.Length - start)), isAll: false));
            start += length;
        }
    }

    [Theory]
    [InlineData("overwrite", 1)]
    [InlineData("overwrite", 5_000)]
    [InlineData("insert", 1)]
    [InlineData("insert", 70_000)]
    [InlineData("delete", 1)]
    [InlineData("delete", 70_000)]
    public void An_edit_anywhere_changes_only_the_chunks_near_it(string kind, int size)
    {
        var random = new Random(size);
        var content = Bytes(11, 8 << 20);
        var before = Hashes(content);
        for (var round = 0; round < 40; round++)
        {
            var at = random.Next(content.Length - size);

            var after = Hashes(Edit(content, kind, at, size, random));

            // One run of chunks is new: what lies in front of it and what lies behind it is as before.
            var front = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
            var back = before.Skip(front).Reverse().Zip(after.Skip(front).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.InRange(after.Count - front - back, 0, 5 + (size / Chunker.Least));
            Assert.InRange(before.Count - front - back, 0, 5 + (size / Chunker.Least));
        }
    }

    private static byte[] Edit(byte[] content, string kind, int at, int size, Random random)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        return kind switch
        {
            "overwrite" => [.. content[..at], .. bytes, .. content[(at + size)..]],
            "insert" => [.. content[..at], .. bytes, .. content[at..]],
            _ => [.. content[..at], .. content[(at + size)..]],
        };
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static List<int> Lengths(ReadOnlySpan<byte> content)
    {
        var lengths = new List<int>();
        while (Chunker.Cut(content, isAll: true) is var length and > 0)
        {
            lengths.Add(length);
            content = content[length..];
        }

        return lengths;
    }

    private static List<string> Hashes(byte[] content)
    {
        var start = 0;
        return [.. Lengths(content).Select(length => Convert.ToHexString(SHA256.HashData(content.AsSpan((start += length) - length, length))))];
    }
}
