using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Slipway.Server;

/// <summary>What the server shows to those who connect by HTTPS.</summary>
internal sealed class ServerCertificate(X509Certificate2 certificate, X509Certificate2Collection chain)
{
    /// <summary>The certificate of the options; null when they name none.</summary>
    /// <exception cref="OptionsException">It can't be read, or has no private key.</exception>
    public static ServerCertificate? Load(ServerOptions options)
    {
        if (options.Certificate.Length == 0)
        {
            return null;
        }

        try
        {
            var loaded = options.CertificateKey.Length > 0 ? FromPem(options) : FromPfx(options);
            return loaded.HasKey ? loaded : throw new OptionsException([$"certificate {options.Certificate} comes without a private key."]);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionsException([$"certificate can't be read from {options.Certificate}: {exception.Message}"]);
        }
    }

    public void Use(ListenOptions listen) => listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain));

    private bool HasKey => certificate.HasPrivateKey;

    private static ServerCertificate FromPem(ServerOptions options)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(options.Certificate);
        var own = options.CertificatePassword.Length > 0
            ? X509Certificate2.CreateFromEncryptedPemFile(options.Certificate, options.CertificatePassword, options.CertificateKey)
            : X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey);
        return new ServerCertificate(own, chain);
    }

    private static ServerCertificate FromPfx(ServerOptions options)
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.Certificate, options.CertificatePassword);
        return new ServerCertificate(all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("it holds no private key."), all);
    }
}
