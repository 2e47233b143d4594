using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Verifies the bearer tokens of an OpenID provider: issuer, audience, time, and a signature by one of its published keys.</summary>
internal sealed class ProviderTokens
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
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _provider;

    private ProviderTokens(ServerOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{options.OidcIssuer.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = options.OidcIssuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase) });
    }

    /// <summary>Null where no provider is configured.</summary>
    public static ProviderTokens? Of(ServerOptions options, TimeProvider time) => options.OidcIssuer.Length == 0 ? null : new ProviderTokens(options, time);

    /// <summary>Who the token is of; null when it is not to be believed.</summary>
    /// <exception cref="Fault">The provider's keys can't be had.</exception>
    public async Task<ProvidedIdentity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var result = await ValidateAsync(token, cancellationToken);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider may have new keys. It is asked for them no more often than every few minutes, whatever tokens come.
            _provider.RequestRefresh();
            result = await ValidateAsync(token, cancellationToken);
        }

        if (!result.IsValid || result.SecurityToken is not JsonWebToken verified)
        {
            return null;
        }

        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(verified.EncodedPayload));
        return ProvidedIdentity.Of(claims.RootElement, _options);
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        var provider = await KeysAsync(cancellationToken);
        return await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = _options.OidcIssuer,
            ValidAudience = _options.OidcAudience,
            IssuerSigningKeys = provider.SigningKeys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = IsInTime,
        });
    }

    private bool IsInTime(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return until is not null && now < until + Skew && (from is null || now >= from - Skew);
    }

    private async Task<OpenIdConnectConfiguration> KeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            var provider = await _provider.GetConfigurationAsync(cancellationToken);
            return provider.Issuer == _options.OidcIssuer
                ? provider
                : throw Fault.Unavailable($"The identity provider calls itself {provider.Issuer}, and oidc-issuer is {_options.OidcIssuer}.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException)
        {
            throw Fault.Unavailable("The identity provider can't be asked for its keys. Try again.", exception);
        }
    }
}
