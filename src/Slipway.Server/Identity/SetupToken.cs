using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Identity;

/// <summary>Printed once when the server starts without a user, kept by this process alone, and good for making the first one.</summary>
internal sealed class SetupToken
{
    public string Secret { get; } = TokenSecret.Make();

    public bool Matches(string? said) => CryptographicOperations.FixedTimeEquals(Hash(said ?? ""), Hash(Secret));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
