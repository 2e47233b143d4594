using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Browsers;

/// <summary>A certificate is renewed by putting another in its place, while the server runs.</summary>
public sealed class CertificateRenewalTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly X509Certificate2 _first = Certificates.Make();
    private readonly X509Certificate2 _second = Certificates.Make();
    private Fresh _fresh = null!;

    private string CertificateFile => Path.Join(_fresh.Folder, "server.pem");

    private string KeyFile => Path.Join(_fresh.Folder, "server.key");

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        await WriteAsync(_first);
    }

    public async Task DisposeAsync()
    {
        await _fresh.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Whoever_connects_after_a_renewal_is_shown_the_new_certificate_and_open_connections_go_on()
    {
        await using var server = await TestServer.StartAsync(_fresh, _time, Configure);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = Certificates.Trust(_first);
        using var open = new HttpClient(handler);
        Assert.Equal("OK", await open.GetStringAsync(new Uri(server.Address, "/health")));
        await AssertShownAsync(server, _first);

        await WriteAsync(_second);
        _time.Advance(TimeSpan.FromSeconds(1));

        await AssertShownAsync(server, _second);
        Assert.Equal("OK", await open.GetStringAsync(new Uri(server.Address, "/health")));
    }

    [Fact]
    public async Task A_certificate_without_its_key_is_not_taken_and_is_told_of_once_until_the_key_follows()
    {
        using var log = new LogLines();
        var options = new ServerOptions();
        Configure(options);
        var certificate = ServerCertificate.Load(options, _time, log.CreateLogger<ServerCertificate>())!;

        await File.WriteAllTextAsync(CertificateFile, _second.ExportCertificatePem());
        Assert.Equal([_first.Thumbprint, _first.Thumbprint], [Look(certificate), Look(certificate)]);
        Assert.Contains("can't be used", Assert.Single(log.Lines), StringComparison.Ordinal);

        File.Delete(CertificateFile);
        Assert.Equal([_first.Thumbprint, _first.Thumbprint], [Look(certificate), Look(certificate)]);
        Assert.Equal(2, log.Lines.Count);

        await WriteAsync(_second);
        Assert.Equal([_second.Thumbprint, _second.Thumbprint], [Look(certificate), Look(certificate)]);
        Assert.Contains("shown from now on", log.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(3, log.Lines.Count);
    }

    private static async Task AssertShownAsync(TestServer server, X509Certificate2 certificate)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var ssl = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false);
        await ssl.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Address.Host, CertificateChainPolicy = Certificates.Trust(certificate) });
        Assert.Equal(certificate.Thumbprint, ((X509Certificate2)ssl.RemoteCertificate!).Thumbprint);
    }

    private string Look(ServerCertificate certificate)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return certificate.Current().TargetCertificate.Thumbprint;
    }

    private void Configure(ServerOptions options) => (options.Certificate, options.CertificateKey) = (CertificateFile, KeyFile);

    private async Task WriteAsync(X509Certificate2 certificate)
    {
        await File.WriteAllTextAsync(CertificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(KeyFile, Certificates.KeyOf(certificate));
    }

    /// <summary>What was logged, line by line.</summary>
    private sealed class LogLines : ILoggerProvider
    {
        private readonly LoggerFactory _factory;

        public LogLines() => _factory = new LoggerFactory([this]);

        public List<string> Lines { get; } = [];

        public ILogger<T> CreateLogger<T>() => _factory.CreateLogger<T>();

        public ILogger CreateLogger(string categoryName) => new Listener(Lines);

        public void Dispose() => _factory.Dispose();

        private sealed class Listener(List<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
        }
    }
}
