using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>Which tokens of an identity provider are believed, and who their bearers are here.</summary>
public abstract class ProviderContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly Issuer _issuer = Issuer.Start();
    private Fresh _fresh = null!;
    private TestServer _server = null!;
    private WireClient _root = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        _server = await TestServer.StartAsync(_fresh, configure: options => (options.OidcIssuer, options.OidcAudience, options.OidcAdminGroup) = (_issuer.Address, Issuer.Audience, "admins"));
        (await _server.Client.PostAsync(Crowd.Native + "setup", new { setup_token = _server.SetupToken, name = "root", password = Crowd.Password })).Ok();
        _root = _server.Client.As("root");
        (await _root.PostAsync(Crowd.Native + "groups", new { name = "team" })).Ok();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Promise]
    public async Task A_bearer_is_made_a_user_at_first_sight_and_follows_the_providers_groups()
    {
        var me = await MeAsync(_issuer.Token());
        Assert.Equal(("ann@example.org", """["team"]"""), (me["name"]!.GetValue<string>(), me["groups"]!.ToJsonString()));
        Assert.Equal(_issuer.Address, me["issuer"]!.GetValue<string>());
        Assert.False(me["is_admin"]!.GetValue<bool>());

        var promoted = await MeAsync(_issuer.Token(claims => claims["groups"] = "admins"));
        Assert.True(promoted["is_admin"]!.GetValue<bool>());
        Assert.Equal("[]", promoted["groups"]!.ToJsonString());

        var back = await MeAsync(_issuer.Token());
        Assert.False(back["is_admin"]!.GetValue<bool>());
        Assert.Equal(2, (await _root.GetAsync(Crowd.Native + "users")).Ok()["users"]!.AsArray().Count);
    }

    [Promise]
    public async Task A_membership_that_was_given_here_stays_whatever_the_provider_says()
    {
        await MeAsync(_issuer.Token());
        (await _root.PostAsync(Crowd.Native + "groups/team/members", new { user = "ann@example.org" })).Ok();

        Assert.Equal("""["team"]""", (await MeAsync(_issuer.Token(claims => claims.Remove("groups"))))["groups"]!.ToJsonString());
    }

    [Promise]
    public async Task The_subject_is_who_somebody_is_and_the_name_only_what_they_are_called()
    {
        await MeAsync(_issuer.Token());

        Assert.Equal("ann@example.org", (await MeAsync(_issuer.Token(claims => claims["email"] = "married@example.org")))["name"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_issuer.Token(claims => claims["sub"] = "subject-2")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_issuer.Token(claims => (claims["sub"], claims["email"]) = ("subject-3", "root"))));
        Assert.Equal("subject-4", (await MeAsync(_issuer.Token(claims => (claims["sub"], claims["email_verified"]) = ("subject-4", false))))["name"]!.GetValue<string>());
    }

    [Promise]
    public async Task Tokens_that_are_not_to_be_believed_are_not()
    {
        using var strange = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var good = _issuer.Token();
        var claims = Issuer.ClaimsOf(good);
        var none = _issuer.Text("none", claims);
        var bad = new Dictionary<string, string>
        {
            ["another audience"] = _issuer.Token(c => c["aud"] = "another"),
            ["no audience"] = _issuer.Token(c => c.Remove("aud")),
            ["another issuer"] = _issuer.Token(c => c["iss"] = "https://evil.example"),
            ["no issuer"] = _issuer.Token(c => c.Remove("iss")),
            ["expired"] = _issuer.Token(c => c["exp"] = now - 60),
            ["never expires"] = _issuer.Token(c => c.Remove("exp")),
            ["not yet"] = _issuer.Token(c => c["nbf"] = now + 120),
            ["another key"] = _issuer.Token(by: strange),
            ["no subject"] = _issuer.Token(c => c.Remove("sub")),
            ["changed claims"] = $"{_issuer.Text("RS256", new JsonObject { ["sub"] = "root" })}.{good.Split('.')[2]}",
            ["algorithm none"] = none + ".",
            ["algorithm none with the signature"] = $"{none}.{good.Split('.')[2]}",
            ["algorithm NONE"] = _issuer.Text("NONE", claims) + ".",
            ["no signature"] = good[..good.LastIndexOf('.')] + ".",
            ["nonsense"] = "a.b.c",
        };
        foreach (var (name, key) in PublicKeyForms())
        {
            var text = _issuer.Text("HS256", claims);
            bad[$"HS256 under {name}"] = $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)))}";
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(good));
        foreach (var (name, token) in bad)
        {
            Assert.True(await StatusAsync(token) == HttpStatusCode.Unauthorized, name);
        }
    }

    [Promise]
    public async Task Without_the_provider_nobody_new_is_let_in_and_its_absence_is_said_to_pass()
    {
        await using var fresh = await freshDatabase();
        await using var server = await TestServer.StartAsync(fresh, configure: options => (options.OidcIssuer, options.OidcAudience) = ("http://127.0.0.1:1", Issuer.Audience));

        var reply = await server.Client.Bearing(_issuer.Token()).GetAsync("users/current");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "TEMPORARILY_UNAVAILABLE"), (reply.Status, reply.ErrorCode));
    }

    // The public key in every form in which a careless verifier might take it for a shared secret.
    private IEnumerable<(string Name, byte[] Key)> PublicKeyForms()
    {
        yield return ("the modulus", _issuer.Key.ExportParameters(includePrivateParameters: false).Modulus!);
        yield return ("the key's DER", _issuer.Key.ExportSubjectPublicKeyInfo());
        yield return ("the key's PEM", Encoding.ASCII.GetBytes(_issuer.Key.ExportSubjectPublicKeyInfoPem()));
        yield return ("the modulus as text", Encoding.ASCII.GetBytes(Base64Url.EncodeToString(_issuer.Key.ExportParameters(includePrivateParameters: false).Modulus!)));
    }

    private async Task<JsonNode> MeAsync(string token) => (await _server.Client.Bearing(token).GetAsync(Crowd.Native + "me")).Ok();

    private async Task<HttpStatusCode> StatusAsync(string token) => (await _server.Client.Bearing(token).GetAsync("users/current")).Status;
}

public sealed class ProviderOnSqlite() : ProviderContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ProviderOnPostgres() : ProviderContract(Fresh.PostgresAsync);
