using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Slipway.Server;

/// <summary>What the server shows to those who connect by HTTPS; when its files change, whoever connects next is shown the new one.</summary>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificate> _logger;
    private readonly Lock _turn = new();
    private volatile SslStreamCertificateContext _shown;
    private string _seen;
    private long _lookedAt;

    private ServerCertificate(ServerOptions options, TimeProvider time, ILogger<ServerCertificate> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        (_seen, _lookedAt) = (Fingerprint(), time.GetTimestamp());
        _shown = Read(options);
    }

    /// <summary>The certificate of the options; null when they name none.</summary>
    /// <exception cref="OptionsException">It can't be read, or has no private key.</exception>
    public static ServerCertificate? Load(ServerOptions options, TimeProvider time, ILogger<ServerCertificate> logger)
    {
        try
        {
            return options.Certificate.Length == 0 ? null : new ServerCertificate(options, time, logger);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new OptionsException([$"certificate can't be read from {options.Certificate}: {exception.Message}"]);
        }
    }

    public void Use(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = Current() }),
    });

    /// <summary>What whoever connects now is shown, as of no more than a second ago.</summary>
    public SslStreamCertificateContext Current()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= Interval && _turn.TryEnter())
        {
            try
            {
                Volatile.Write(ref _lookedAt, _time.GetTimestamp());
                Look();
            }
            finally
            {
                _turn.Exit();
            }
        }

        return _shown;
    }

    private static bool IsUnreadable(Exception exception) => exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    // By what is in the files: links are pointed elsewhere, and files are put in each other's place with older times.
    private void Look()
    {
        var before = _seen;
        try
        {
            if ((_seen = Fingerprint()) != before)
            {
                _shown = Read(_options);
                Log.Renewed(_logger, _options.Certificate, _shown.TargetCertificate.NotAfter);
            }
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            // Told once for each state of the files; a key that follows its certificate a moment later is another state.
            _seen = _seen == before ? exception.Message : _seen;
            if (_seen != before)
            {
                Log.Kept(_logger, _options.Certificate, _shown.TargetCertificate.NotAfter, exception.Message);
            }
        }
    }

    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in new[] { _options.Certificate, _options.CertificateKey }.Where(file => file.Length > 0))
        {
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static SslStreamCertificateContext Read(ServerOptions options)
    {
        var (own, chain) = options.CertificateKey.Length > 0 ? FromPem(options) : FromPfx(options);
        return own.HasPrivateKey ? SslStreamCertificateContext.Create(own, chain, offline: true) : throw new CryptographicException("it comes without a private key.");
    }

    private static (X509Certificate2 Own, X509Certificate2Collection Chain) FromPem(ServerOptions options)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(options.Certificate);
        return (options.CertificatePassword.Length > 0
            ? X509Certificate2.CreateFromEncryptedPemFile(options.Certificate, options.CertificatePassword, options.CertificateKey)
            : X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey), chain);
    }

    private static (X509Certificate2 Own, X509Certificate2Collection Chain) FromPfx(ServerOptions options)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.Certificate, options.CertificatePassword);
        return (all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("it holds no private key."), all);
    }

    private static partial class Log
    {
        [LoggerMessage(1003, LogLevel.Warning, "The certificate in {File} changed and is shown from now on; it is good until {Until}")]
        public static partial void Renewed(ILogger logger, string file, DateTime until);

        [LoggerMessage(1004, LogLevel.Error, "The certificate in {File} changed and can't be used, so the one before is kept, which is good until {Until}: {Reason}")]
        public static partial void Kept(ILogger logger, string file, DateTime until, string reason);
    }
}
