using System.Net;
using System.Security.Cryptography.X509Certificates;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Browsers;

/// <summary>HTTPS by a certificate of the options, and whose word on where a request came from is believed.</summary>
public sealed class TransportTests : IAsyncLifetime
{
    private Fresh _fresh = null!;

    public async Task InitializeAsync() => _fresh = await Fresh.SqliteAsync();

    public async Task DisposeAsync() => await _fresh.DisposeAsync();

    [Fact]
    public async Task A_pem_certificate_turns_https_on()
    {
        using var certificate = Certificates.Make();
        var (file, key) = (Path.Join(_fresh.Folder, "server.pem"), Path.Join(_fresh.Folder, "server.key"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, Certificates.KeyOf(certificate));

        await AssertServesAsync(certificate, options => (options.Certificate, options.CertificateKey) = (file, key));
    }

    [Fact]
    public async Task A_pfx_certificate_turns_https_on()
    {
        using var certificate = Certificates.Make();
        var file = Path.Join(_fresh.Folder, "server.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, "secret"));

        await AssertServesAsync(certificate, options => (options.Certificate, options.CertificatePassword) = (file, "secret"));
    }

    [Fact]
    public async Task A_certificate_that_can_not_be_read_is_told_before_anything_listens()
    {
        var failure = await Assert.ThrowsAsync<OptionsException>(() => TestServer.StartAsync(_fresh, configure: options => options.Certificate = Path.Join(_fresh.Folder, "nowhere.pfx")));
        Assert.Contains("nowhere.pfx", failure.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Join(_fresh.Folder, "garbage.pfx"), "garbage");
        await Assert.ThrowsAsync<OptionsException>(() => TestServer.StartAsync(_fresh, configure: options => options.Certificate = Path.Join(_fresh.Folder, "garbage.pfx")));
        Assert.Contains("certificate must name", new ServerOptions { CertificateKey = "a.key" }.Problems().Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    [InlineData("::", "[::1]", true)]
    public async Task Where_it_listens_is_told_by_an_address_that_can_be_used(string bound, string host, bool everywhere)
    {
        await using var server = await SlipwayServer.StartAsync(new ServerOptions { Host = bound, Port = 0, Data = _fresh.Folder, AllowAnonymous = true });
        using var http = new HttpClient();

        Assert.Equal((host, everywhere), (server.Address.Host, server.ListensEverywhere));
        Assert.Equal("OK", await http.GetStringAsync(new Uri(server.Address, "/health")));
    }

    [Theory]
    [InlineData("", "127.0.0.1 (forwarding)")]
    [InlineData("10.0.0.0/8", "127.0.0.1 (forwarding)")]
    [InlineData("127.0.0.0/8", "198.51.100.7")]
    [InlineData("127.0.0.0/8, 198.51.100.0/24", "203.0.113.9")]
    public async Task Forwarded_addresses_are_believed_from_listed_proxies_alone(string proxies, string address)
    {
        await using var server = await TestServer.StartAsync(_fresh, configure: options => options.TrustedProxies = proxies);

        (await server.Client.With("X-Forwarded-For", "203.0.113.9, 198.51.100.7").PostAsync("registered-models/create", new { name = "iris" })).Ok();

        var entry = await server.Database.ReadAsync(
            reader => reader.FindAsync($"select entry from audit where action = 'model.create'", row => System.Text.Encoding.UTF8.GetString((byte[])row.GetValue(0)), CancellationToken.None),
            CancellationToken.None);
        Assert.Contains($"\"address\":\"{address}\"", entry, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forwarded_host_is_checked_like_any_other()
    {
        await using var server = await TestServer.StartAsync(_fresh, configure: options => options.TrustedProxies = "127.0.0.0/8");

        Assert.Equal(HttpStatusCode.Forbidden, (await server.Client.With("X-Forwarded-Host", "evil.example").GetAsync("experiments/search")).Status);
    }

    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("127.0.0.1")]
    public async Task The_first_admin_is_not_made_through_a_listed_proxy_either(string address)
    {
        await using var server = await TestServer.StartAsync(_fresh, configure: options => options.TrustedProxies = "127.0.0.0/8");

        var reply = await server.Client.With("X-Forwarded-For", address).PostAsync(Crowd.Native + "users", new { name = "eve", password = Crowd.Password, is_admin = true });

        Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
    }

    private async Task AssertServesAsync(X509Certificate2 certificate, Action<ServerOptions> configure)
    {
        await using var server = await TestServer.StartAsync(_fresh, configure: configure);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = Certificates.Trust(certificate);
        using var http = new HttpClient(handler);

        Assert.Equal("https", server.Address.Scheme);
        Assert.Equal("OK", await http.GetStringAsync(new Uri(server.Address, "/health")));
    }
}
