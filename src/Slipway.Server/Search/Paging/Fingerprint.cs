using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Server.Search.Paging;

/// <summary>Tells queries apart, so that a page token is used with its own only.</summary>
internal static class Fingerprint
{
    public static string Of(params IEnumerable<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part};");
        }

        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 12));
    }

    public static string Of(IEnumerable<long> ids) => string.Join(',', ids);
}
