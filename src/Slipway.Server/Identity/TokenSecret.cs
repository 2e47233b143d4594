using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Identity;

/// <summary>The secret of a token: shown once, and kept as its SHA-256, which is enough for 256 random bits.</summary>
internal static class TokenSecret
{
    public const string Beginning = "slw_";

    public static string Make() => Beginning + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static bool IsOne(string text) => text.StartsWith(Beginning, StringComparison.Ordinal);

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
