using System.Text.Json;

namespace Slipway.Server.Identity;

/// <summary>Who somebody is by the word of an identity provider.</summary>
/// <param name="Issuer">The provider; with the subject it is who they are, whatever they are called.</param>
/// <param name="Subject">Who, to the provider.</param>
/// <param name="Name">What they are called here.</param>
internal sealed record ProvidedIdentity(string Issuer, string Subject, string Name)
{
    private const int GroupLimit = 1000;

    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Null when the provider is not asked who is an admin.</summary>
    public bool? IsAdmin { get; init; }

    /// <summary>When the token ends, in milliseconds.</summary>
    public required long Until { get; init; }

    /// <summary>Reads the claims of a token that was verified; null when they don't name anybody.</summary>
    public static ProvidedIdentity? Of(JsonElement claims, ServerOptions options)
    {
        if (Text(claims, "sub") is not { Length: > 0 and <= 255 } subject || NameOf(claims, subject, options) is not { } name)
        {
            return null;
        }

        var groups = Texts(claims, options.OidcGroupClaim).Take(GroupLimit).ToList();
        return new ProvidedIdentity(options.OidcIssuer, subject, name)
        {
            Groups = groups,
            IsAdmin = options.OidcAdminGroup.Length == 0 ? null : groups.Contains(options.OidcAdminGroup),
            Until = claims.GetProperty("exp").TryGetDouble(out var seconds) ? (long)(seconds * 1000) : 0,
        };
    }

    // A mail address that the provider has not verified is anybody's claim.
    private static string? NameOf(JsonElement claims, string subject, ServerOptions options)
    {
        var isVerified = !claims.TryGetProperty("email_verified", out var verified) || verified.ValueKind == JsonValueKind.True;
        var name = Text(claims, options.OidcNameClaim) is { } said && UserName.IsAllowed(said) && (isVerified || options.OidcNameClaim != "email") ? said : subject;
        return UserName.IsAllowed(name) ? name : null;
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement claims, string name) => claims.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
            _ => [],
        }
        : [];
}
