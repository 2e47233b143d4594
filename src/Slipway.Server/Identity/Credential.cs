using System.Net.Http.Headers;
using System.Text;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>What a request says of who sends it.</summary>
/// <param name="Name">The user's name; null where only a token came.</param>
/// <param name="Secret">A password or a token.</param>
internal sealed record Credential(string? Name, string Secret)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="Fault">It is neither Basic nor Bearer, or malformed.</exception>
    public static Credential Parse(string header)
    {
        if (AuthenticationHeaderValue.TryParse(header, out var parsed) && !string.IsNullOrEmpty(parsed.Parameter))
        {
            if (parsed.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                return new Credential(null, parsed.Parameter);
            }

            if (parsed.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && TryDecode(parsed.Parameter) is { } pair)
            {
                return pair;
            }
        }

        throw Fault.Unauthenticated("The Authorization header is neither Basic with a user name and a password nor Bearer with a token.");
    }

    private static Credential? TryDecode(string base64)
    {
        try
        {
            var text = Utf8.GetString(Convert.FromBase64String(base64));
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : new Credential(text[..colon], text[(colon + 1)..]);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
