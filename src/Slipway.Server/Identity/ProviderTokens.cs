using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Slipway.Server.Identity;

/// <summary>Verifies the bearer tokens of an OpenID provider: issuer, audience, time, and a signature by one of its published keys.</summary>
internal sealed class ProviderTokens : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // Public keys only. A secret shared with the provider has no place here, and with one a public key could be taken for it.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ProviderKeys _keys;

    private ProviderTokens(ServerOptions options, TimeProvider time) => (_options, _time, _keys) = (options, time, new ProviderKeys(options.OidcIssuer, time));

    /// <summary>Null where no provider is configured.</summary>
    public static ProviderTokens? Of(ServerOptions options, TimeProvider time) => options.OidcIssuer.Length == 0 ? null : new ProviderTokens(options, time);

    /// <summary>Who the token is of; null when it is not to be believed.</summary>
    /// <exception cref="Store.Fault">The provider's keys can't be had.</exception>
    public async Task<ProvidedIdentity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var known = await _keys.CurrentAsync(cancellationToken);
        var result = await ValidateAsync(token, known);
        if (IsByAnother(result, known) && await _keys.NewestAsync(cancellationToken) is var newest && newest != known)
        {
            result = await ValidateAsync(token, newest);
        }

        if (!result.IsValid || result.SecurityToken is not JsonWebToken verified)
        {
            return null;
        }

        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(verified.EncodedPayload));
        return ProvidedIdentity.Of(claims.RootElement, _options);
    }

    public void Dispose() => _keys.Dispose();

    private static bool IsByAnother(TokenValidationResult result, OpenIdConnectConfiguration provider) =>
        result is { IsValid: false, TokenOnFailedValidation: JsonWebToken token } && provider.SigningKeys.All(key => key.KeyId != token.Kid);

    private Task<TokenValidationResult> ValidateAsync(string token, OpenIdConnectConfiguration provider) => _handler.ValidateTokenAsync(token, new TokenValidationParameters
    {
        ValidIssuer = _options.OidcIssuer,
        ValidAudience = _options.OidcAudience,
        IssuerSigningKeys = provider.SigningKeys,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        IncludeTokenOnFailedValidation = true,
        RequireExpirationTime = true,
        LifetimeValidator = IsInTime,
    });

    private bool IsInTime(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return until is not null && now < until + Skew && (from is null || now >= from - Skew);
    }
}
