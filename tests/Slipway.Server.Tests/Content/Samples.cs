using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>Content of every kind, the same each time.</summary>
internal static class Samples
{
    /// <summary>Bytes that nothing makes smaller.</summary>
    public static byte[] Random(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Rows of a CSV file, cut off at the length.</summary>
    public static byte[] Table(int seed, int length)
    {
        var random = new Random(seed);
        var text = new StringBuilder(length + 128);
        while (text.Length < length)
        {
            text.Append(CultureInfo.InvariantCulture, $"{text.Length},{random.NextDouble():F6},{random.Next(100)},label-{random.Next(5)}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    /// <summary>As Assert.Equal, but fast for many, and silent about which.</summary>
    public static void AssertSame(byte[] expected, byte[] actual) => Assert.True(expected.AsSpan().SequenceEqual(actual), $"{actual.Length} bytes are not the {expected.Length} that were stored.");

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
