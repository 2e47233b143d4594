using System.Security.Cryptography;

namespace Slipway.Store.Auditing;

/// <summary>An ECDSA key on P-256; with its private half it signs, without it only verifies.</summary>
public sealed class CheckpointKey : IDisposable
{
    private readonly ECDsa _key;

    private CheckpointKey(ECDsa key)
    {
        _key = key;
        var info = key.ExportSubjectPublicKeyInfo();
        (Public, Id) = (Convert.ToBase64String(info), Convert.ToHexStringLower(SHA256.HashData(info)));
    }

    /// <summary>The SHA-256 of the public key, by which lines name it.</summary>
    public string Id { get; }

    internal string Public { get; }

    public static CheckpointKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <exception cref="ArgumentException">The text is no key.</exception>
    public static CheckpointKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new CheckpointKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private half, as PKCS #8.</summary>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>The key of a line; null when the text is none.</summary>
    internal static CheckpointKey? TryReadPublic(string text)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            return new CheckpointKey(key);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    internal string Sign(byte[] bytes) => Convert.ToBase64String(_key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    internal bool Verifies(byte[] bytes, string signature)
    {
        var buffer = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, buffer, out var length)
            && _key.VerifyData(bytes, buffer.AsSpan(0, length), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public void Dispose() => _key.Dispose();
}
