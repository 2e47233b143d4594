using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Identity;

/// <summary>Stands for a credential in memory: its HMAC under a key that this process alone has, so that nothing in the cache can be tried out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CredentialKey(UInt128 First, UInt128 Second)
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    public static CredentialKey Of(string header)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(header), hash);
        return MemoryMarshal.Read<CredentialKey>(hash);
    }
}
