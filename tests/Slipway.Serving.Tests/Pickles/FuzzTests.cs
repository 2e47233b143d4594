using Slipway.Serving.Pickles;
using Xunit;

namespace Slipway.Serving.Tests.Pickles;

/// <summary>Whatever bytes there are, the scan ends with a report, soon and in little memory.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Random_bytes_end_in_a_report()
    {
        var random = new Random(1);
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            SampleTests.Scan(bytes);
        }
    }

    [Fact]
    public void Mutated_pickles_end_in_a_report()
    {
        var samples = Directory.GetFiles(SampleTests.Samples).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        var random = new Random(2);
        for (var i = 0; i < Rounds; i++)
        {
            SampleTests.Scan(Mutate(samples[random.Next(samples.Count)], random));
        }
    }

    [Fact]
    public void Opcodes_in_any_order_end_in_a_report()
    {
        byte[] opcodes = [.. "(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu])}GBC"u8, .. Enumerable.Range(0x80, 0x19).Select(opcode => (byte)opcode)];
        var random = new Random(3);
        for (var i = 0; i < Rounds; i++)
        {
            SampleTests.Scan([.. Enumerable.Range(0, random.Next(200)).Select(_ => random.Next(4) == 0 ? (byte)random.Next(4) : opcodes[random.Next(opcodes.Length)])]);
        }
    }

    [Theory]
    [InlineData((byte)'(', "")]
    [InlineData((byte)'N', "")]
    [InlineData((byte)']', "\u0094")]
    public void A_pickle_that_only_grows_is_given_up(byte opcode, string more)
    {
        var bytes = new byte[10_000_000];
        bytes.AsSpan().Fill(opcode);
        for (var i = 1; more.Length > 0 && i < bytes.Length; i += 2)
        {
            bytes[i] = (byte)more[0];
        }

        Assert.Contains("at once", Assert.Single(SampleTests.Scan(bytes).Findings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_no_file_has_is_refused_without_reading_it()
    {
        byte[] pickle = [0x80, 4, PickleOpcode.BinBytes8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, (byte)'.'];
        Assert.Equal(11, Assert.Single(SampleTests.Scan(pickle).Findings).Position);
    }

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var bytes = sample.ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
