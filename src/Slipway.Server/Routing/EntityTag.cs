using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>The tags by which clients name the version of something that they have seen: its number in quotes.</summary>
internal static class EntityTag
{
    /// <summary>The version that <c>If-Match</c> names; null when any will do.</summary>
    /// <exception cref="Fault">It names no version.</exception>
    public static long? Seen(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString().Trim();
        if (text is "" or "*")
        {
            return null;
        }

        return text.Length > 2 && text.StartsWith('"') && text.EndsWith('"') && long.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw Fault.Invalid($"If-Match must be the ETag of a version that you have seen, such as \"3\", not '{Checks.Text.Shorten(text)}'.");
    }

    public static void Set(HttpResponse response, long version) => response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
