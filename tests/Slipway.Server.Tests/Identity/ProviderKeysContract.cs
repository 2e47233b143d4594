using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>What becomes of tokens while their provider goes over to other keys, or is away.</summary>
public abstract class ProviderKeysContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private Issuer _issuer = null!;
    private Fresh _fresh = null!;
    private TestServer _server = null!;
    private int _subjects;

    public async Task InitializeAsync()
    {
        _issuer = Issuer.Start(_time);
        _fresh = await freshDatabase();
        _server = await TestServer.StartAsync(_fresh, _time, options => (options.OidcIssuer, options.OidcAudience) = (_issuer.Address, Issuer.Audience));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Promise]
    public async Task A_new_key_is_asked_for_when_its_first_token_comes_and_tokens_of_the_one_before_stay_good()
    {
        var before = Token();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));
        _issuer.Rotate("k2");
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(before));
        Assert.Equal(2, _issuer.Asked);
    }

    [Promise]
    public async Task Tokens_by_unknown_keys_have_the_provider_asked_once_in_ten_seconds_however_many_there_are()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));
        var known = Token();
        _issuer.Rotate("k2");
        var strangers = Enumerable.Range(0, 20).Select(_ => Token()).ToList();
        _issuer.Withdraw("k2");
        for (var round = 1; round <= 2; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));

            Assert.All(await Task.WhenAll(strangers.Select(StatusAsync)), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
            Assert.Equal(1 + round, _issuer.Asked);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known));
    }

    [Promise]
    public async Task A_key_that_was_taken_back_is_believed_for_an_hour_at_most()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));
        _issuer.Withdraw(Issuer.KeyId);
        _time.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Token()));
    }

    [Promise]
    public async Task While_the_provider_is_away_its_last_keys_hold_and_it_is_not_asked_all_the_time()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));
        _issuer.IsDown = true;
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));

        _issuer.IsDown = false;
        _issuer.Rotate("k2");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Token()));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Token()));
    }

    [Promise]
    public async Task A_token_ends_when_it_says_whatever_was_remembered_of_it()
    {
        var token = Token();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));

        _time.Advance(TimeSpan.FromSeconds(331));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
    }

    // Of somebody new each time, so that nothing is known of them.
    private string Token() => _issuer.Token(claims => (claims["sub"], claims["email"]) = ($"subject-{++_subjects}", $"user{_subjects}@example.org"));

    private async Task<HttpStatusCode> StatusAsync(string token) => (await _server.Client.Bearing(token).GetAsync("users/current")).Status;
}

public sealed class ProviderKeysOnSqlite() : ProviderKeysContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ProviderKeysOnPostgres() : ProviderKeysContract(Fresh.PostgresAsync);
