using System.Net;
using System.Text.RegularExpressions;
using Slipway.Server.Identity;

namespace Slipway.Server;

/// <summary>How a server is set up. Each property is also a flag, an environment variable and a key of the file.</summary>
public sealed class ServerOptions
{
    private const string WhenUsersExist = "when-users-exist";
    private const string Required = "required";

    internal const string FramedByAnyone = "NONE";

    /// <summary>The address to listen on.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes any free one.</summary>
    public int Port { get; set; } = 5000;

    /// <summary>The folder of the database (for SQLite) and of the artifacts.</summary>
    public string Data { get; set; } = "./slipway-data";

    /// <summary>A PostgreSQL database, as <c>Host=…</c> or <c>postgresql://…</c>; none means SQLite in the folder.</summary>
    public string? Database { get; set; }

    /// <summary>Whether people who did not say who they are may come from other machines.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Whether people have to say who they are: <c>required</c>, or <c>when-users-exist</c>.</summary>
    public string Authentication { get; set; } = WhenUsersExist;

    /// <summary>What stands in front of every path, such as <c>/mlflow</c>.</summary>
    public string StaticPrefix { get; set; } = "";

    /// <summary>Folders under which an experiment may be given a local artifact location; separated by the system's path separator.</summary>
    public string ArtifactFolders { get; set; } = "";

    /// <summary>A regular expression that must be found in the source of every new model version; empty asks for none.</summary>
    public string SourcePattern { get; set; } = "";

    /// <summary>Host names under which browsers may reach the server, separated by commas; loopback and private addresses always may.</summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Origins whose pages may use the API from a browser besides those of this machine, separated by commas; <c>*</c> allows all.</summary>
    public string CorsAllowedOrigins { get; set; } = "";

    /// <summary>Which pages may show the server's in a frame: those of its own origin (<c>SAMEORIGIN</c>), none (<c>DENY</c>), or any (<c>NONE</c> sends no header).</summary>
    public string XFrameOptions { get; set; } = "SAMEORIGIN";

    /// <summary>Networks of proxies whose forwarded headers are believed, as in <c>10.0.0.0/8</c>, separated by commas.</summary>
    public string TrustedProxies { get; set; } = "";

    /// <summary>The server's certificate: PEM, with its chain, or PFX; none means HTTP.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The private key of a PEM certificate.</summary>
    public string CertificateKey { get; set; } = "";

    /// <summary>The password of a PFX, or of an encrypted PEM key.</summary>
    public string CertificatePassword { get; set; } = "";

    /// <summary>An OpenID provider whose bearer tokens are accepted.</summary>
    public string OidcIssuer { get; set; } = "";

    /// <summary>For whom the provider's tokens have to be meant.</summary>
    public string OidcAudience { get; set; } = "";

    /// <summary>The claim that lists a user's groups.</summary>
    public string OidcGroupClaim { get; set; } = "groups";

    /// <summary>The claim that names a user.</summary>
    public string OidcNameClaim { get; set; } = "email";

    /// <summary>The group, in the provider's claim, whose members are admins; none leaves that to admins here.</summary>
    public string OidcAdminGroup { get; set; } = "";

    /// <summary>What everyone may do with experiments and models on which nothing is granted to them: NO_PERMISSIONS, READ, USE, EDIT or MANAGE.</summary>
    public string DefaultPermission { get; set; } = "READ";

    /// <summary>Where the packs of stored content are: a folder, or <c>s3://bucket/prefix</c>; nothing means in the data folder.</summary>
    public string Packs { get; set; } = "";

    /// <summary>Where in S3 new experiments keep their artifacts, as <c>s3://bucket/prefix</c>, so that clients reach them without the server; nothing means through the server.</summary>
    public string ArtifactRoot { get; set; } = "";

    /// <summary>The address of an S3 server that is not Amazon's.</summary>
    public string S3Endpoint { get; set; } = "";

    /// <summary>The region that requests to S3 are signed for.</summary>
    public string S3Region { get; set; } = "us-east-1";

    /// <summary>The Python that loads models which need one; null takes the one on PATH.</summary>
    public string? Python { get; set; }

    /// <summary>Whether this process looks after environments, so that their gateways run here.</summary>
    public bool Gateways { get; set; } = true;

    /// <summary>Whether stored content is compressed where that saves more than a tenth.</summary>
    public bool CompressContent { get; set; } = true;

    /// <summary>How much the server says of its work: trace, debug, information, warning, error.</summary>
    public string LogLevel { get; set; } = "warning";

    internal bool IsAuthenticationRequired => Authentication == Required || OidcIssuer.Length > 0;

    internal IReadOnlyList<string> CorsAllowedOriginList => List(CorsAllowedOrigins);

    internal IReadOnlyList<IPNetwork> TrustedProxyList => [.. List(TrustedProxies).Select(network => IPNetwork.Parse(network))];

    internal AccessLevel DefaultLevel => AccessLevels.Parse(DefaultPermission);

    internal IReadOnlyList<string> ArtifactFolderList => ArtifactFolders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Linear in the length of the source, whatever the pattern.
    internal Regex? SourceRegex => SourcePattern.Length == 0 ? null : new Regex(SourcePattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    internal IReadOnlyList<string> AllowedHostList => List(AllowedHosts);

    /// <summary>The place of packs in S3; null when they are in a folder.</summary>
    internal Content.S3Place? S3Place => PlaceOf(Packs);

    /// <summary>The bucket that clients write artifacts to; null when they go through the server.</summary>
    internal Content.S3Place? ArtifactPlace => PlaceOf(ArtifactRoot);

    internal string PacksFolder => Packs.Length == 0 ? Path.Join(Data, "artifacts", "packs") : Packs;

    /// <summary>Every problem at once, by key.</summary>
    public IEnumerable<string> Problems() => [.. OwnProblems(), .. AccessProblems()];

    private Content.S3Place? PlaceOf(string text) => Content.S3Place.TryParse(text, S3Endpoint.Length == 0 ? null : S3Endpoint, S3Region);

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private IEnumerable<string> OwnProblems()
    {
        if (Port is < 0 or > 65535)
        {
            yield return $"port must be between 0 and 65535, not {Port}.";
        }

        if (string.IsNullOrWhiteSpace(Data))
        {
            yield return "data must name a folder.";
        }

        if (Database is not null && Store.Database.ProblemWith(Database) is { } problem)
        {
            yield return $"database can't be read: {problem}";
        }

        if (Packs.Contains("://", StringComparison.Ordinal) && S3Place is null)
        {
            yield return $"packs must be a folder or look like s3://bucket/prefix, not '{Packs}'.";
        }

        if (ArtifactRoot.Length > 0 && ArtifactPlace is null)
        {
            yield return $"artifact-root must look like s3://bucket/prefix, not '{ArtifactRoot}'.";
        }

        // Whoever may write artifacts there could write packs.
        if (ArtifactPlace is { } artifacts && S3Place is { } packs && (artifacts.Uri.StartsWith(packs.Uri, StringComparison.Ordinal) || packs.Uri.StartsWith(artifacts.Uri, StringComparison.Ordinal)))
        {
            yield return $"artifact-root and packs must not lie in each other, as {artifacts.Uri} and {packs.Uri} do: clients write to the one, and nobody but the server to the other.";
        }

        if (S3Endpoint.Length > 0 && (!Uri.TryCreate(S3Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https")))
        {
            yield return $"s3-endpoint must be an address such as https://s3.example.com, not '{S3Endpoint}'.";
        }

        if (SourcePattern.Length > 0 && !IsPattern(SourcePattern))
        {
            yield return $"source-pattern must be a regular expression without look-around and back-references, not '{SourcePattern}'.";
        }

        if (StaticPrefix.Length > 0 && (!StaticPrefix.StartsWith('/') || StaticPrefix.EndsWith('/')))
        {
            yield return $"static-prefix must begin with a slash and not end with one, such as /mlflow, not '{StaticPrefix}'.";
        }

        if (!AccessLevels.TryParse(DefaultPermission, out _))
        {
            yield return $"default-permission must be one of {AccessLevels.Allowed}, not '{DefaultPermission}'.";
        }

        if (!Enum.TryParse<Microsoft.Extensions.Logging.LogLevel>(LogLevel, ignoreCase: true, out _))
        {
            yield return $"log-level must be one of trace, debug, information, warning, error, not '{LogLevel}'.";
        }
    }

    private IEnumerable<string> AccessProblems()
    {
        if (Authentication is not (WhenUsersExist or Required))
        {
            yield return $"authentication must be {WhenUsersExist} or {Required}, not '{Authentication}'.";
        }

        if (!IPAddress.TryParse(Host, out var address) && Host != "localhost")
        {
            yield return $"host must be an IP address or localhost, not '{Host}'.";
        }
        else if (address is not null && !IPAddress.IsLoopback(address) && !AllowAnonymous && !IsAuthenticationRequired)
        {
            yield return $"host {Host} can be reached from other machines, and nobody has to say who they are. Ask for it with --authentication required, listen on 127.0.0.1, or allow it by name with --allow-anonymous.";
        }

        if (Array.Find(List(TrustedProxies), network => !IPNetwork.TryParse(network, out _)) is { } wrong)
        {
            yield return $"trusted-proxies must list networks such as 10.0.0.0/8 or 192.0.2.7/32, not '{wrong}'.";
        }

        if (XFrameOptions is not ("SAMEORIGIN" or "DENY" or FramedByAnyone))
        {
            yield return $"x-frame-options must be SAMEORIGIN, DENY or {FramedByAnyone}, not '{XFrameOptions}'.";
        }

        if (Certificate.Length == 0 && (CertificateKey.Length > 0 || CertificatePassword.Length > 0))
        {
            yield return "certificate must name the certificate that certificate-key and certificate-password belong to.";
        }

        if (OidcIssuer.Length > 0 && !IsIssuer(OidcIssuer))
        {
            yield return $"oidc-issuer must be an https:// address (http:// only on this machine), not '{OidcIssuer}'.";
        }

        if (OidcIssuer.Length > 0 && OidcAudience.Length == 0)
        {
            yield return "oidc-audience must say for whom the provider's tokens are meant: without it a token for any other service would be accepted.";
        }
    }

    private static bool IsIssuer(string text) => Uri.TryCreate(text, UriKind.Absolute, out var issuer)
        && (issuer.Scheme == Uri.UriSchemeHttps || (issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback));

    private static bool IsPattern(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1)) is not null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}

/// <summary>The options can't be used; the message tells every problem.</summary>
public sealed class OptionsException(IEnumerable<string> problems) : Exception(string.Join('\n', problems));
