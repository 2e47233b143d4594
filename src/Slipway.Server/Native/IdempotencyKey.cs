using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Json;
using Slipway.Wire.Native;

namespace Slipway.Server.Native;

/// <summary>Names a request, so that repeating it does not do it again.</summary>
/// <param name="Key">Chosen by the client.</param>
/// <param name="Fingerprint">Over what was asked: the same key with another request is a mistake.</param>
internal sealed record IdempotencyKey(string Key, string Fingerprint)
{
    private const int Limit = 128;

    /// <summary>Tells this request from another one with the same key.</summary>
    public string Nonce { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The key that the request carries; null when it carries none.</summary>
    /// <exception cref="Fault">It is no key.</exception>
    public static IdempotencyKey? Of<T>(HttpContext context, T body)
    {
        if (!context.Request.Headers.TryGetValue(NativeApi.IdempotencyHeader, out var values))
        {
            return null;
        }

        var key = values.ToString();
        return key.Length is > 0 and <= Limit && key.All(character => character is > ' ' and <= '~')
            ? new IdempotencyKey(key, Hash(context.Request, body))
            : throw Fault.Invalid($"{NativeApi.IdempotencyHeader} must be 1 to {Limit} printable ASCII characters without blanks, not '{Text.Shorten(key)}'.");
    }

    private static string Hash<T>(HttpRequest request, T body) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{JsonSerializer.Serialize(body, WireJson.Of<T>())}")));
}
