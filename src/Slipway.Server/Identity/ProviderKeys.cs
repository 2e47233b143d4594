using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>What an OpenID provider says of itself, the keys that it signs with above all. While it can't be asked, what it said last holds.</summary>
internal sealed class ProviderKeys(string issuer, TimeProvider time) : IDisposable
{
    /// <summary>A key that the provider has taken back is believed no longer than this.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The provider is asked no more often than this, whatever tokens come.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpDocumentRetriever _documents = new() { RequireHttps = issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase) };
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Answer? _last;

    /// <summary>As of no more than an hour ago.</summary>
    /// <exception cref="Fault">The provider has never answered.</exception>
    public Task<OpenIdConnectConfiguration> CurrentAsync(CancellationToken cancellationToken) => GetAsync(Kept, cancellationToken);

    /// <summary>As of a moment ago, for a token that is signed by another key.</summary>
    /// <inheritdoc cref="CurrentAsync"/>
    public Task<OpenIdConnectConfiguration> NewestAsync(CancellationToken cancellationToken) => GetAsync(Pause, cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<OpenIdConnectConfiguration> GetAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var last = _last;
        if (!IsRecent(last, age))
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                last = _last = IsRecent(_last, age) ? _last! : await AskAsync(_last);
            }
            finally
            {
                _turn.Release();
            }
        }

        return last!.Said ?? throw Fault.Unavailable("The identity provider can't be asked for its keys. Try again.", last.Failure);
    }

    private bool IsRecent(Answer? answer, TimeSpan age) =>
        answer is not null && time.GetElapsedTime(answer.At) < (answer.Failure is null ? age : Pause);

    // For everybody who waits, so not to be ended by one of them.
    private async Task<Answer> AskAsync(Answer? before)
    {
        var at = time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var said = await OpenIdConnectConfigurationRetriever.GetAsync($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", _documents, patience.Token);
            return said.Issuer == issuer
                ? new Answer(said, at, Failure: null)
                : throw new InvalidOperationException($"The identity provider calls itself {said.Issuer}, and oidc-issuer is {issuer}.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException or OperationCanceledException or ArgumentException)
        {
            return new Answer(before?.Said, at, exception);
        }
    }

    /// <param name="Said">The last that it said; null when it never answered.</param>
    /// <param name="At">When it was asked.</param>
    /// <param name="Failure">Why it did not answer this time.</param>
    private sealed record Answer(OpenIdConnectConfiguration? Said, long At, Exception? Failure);
}
