using System.CommandLine;
using System.Globalization;
using Slipway.Server;

namespace Slipway;

/// <summary>One key of the server's configuration: a flag, an environment variable and a key of the file.</summary>
internal sealed record Setting(string Name, string Description, Func<ServerOptions, string, bool> Apply)
{
    public static readonly IReadOnlyList<Setting> All =
    [
        Text("host", "The address to listen on; 127.0.0.1 unless told otherwise.", (options, value) => options.Host = value),
        new("port", "The port to listen on; 5000 unless told otherwise, 0 for any free one.", (options, value) =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && (options.Port = port) >= 0),
        Text("data", "The folder of the database and the artifacts; ./slipway-data unless told otherwise.", (options, value) => options.Data = value),
        Text("database", "A PostgreSQL database (Host=… or postgresql://…) in place of SQLite in the data folder.", (options, value) => options.Database = value),
        new("allow-anonymous", "Let everybody in who can reach an address beyond loopback.", (options, value) =>
            bool.TryParse(value, out var allow) && ((options.AllowAnonymous = allow) || true)),
        Text("authentication", "Whether people have to say who they are: when-users-exist (unless told otherwise), or required, which lets the server listen beyond loopback.", (options, value) => options.Authentication = value),
        Text("static-prefix", "What stands in front of every path, such as /mlflow.", (options, value) => options.StaticPrefix = value),
        Text("artifact-folders", "Folders below which experiments may have local artifact locations, separated by the system's path separator.", (options, value) => options.ArtifactFolders = value),
        Text("source-pattern", "A regular expression that must be found in the source of every new model version.", (options, value) => options.SourcePattern = value),
        Text("allowed-hosts", "Host names under which the server may be reached besides loopback and private addresses, separated by commas; * allows all.", (options, value) => options.AllowedHosts = value),
        Text("cors-allowed-origins", "Origins whose pages may use the API from a browser besides those of this machine, such as https://ui.example.org, separated by commas; * allows all.", (options, value) => options.CorsAllowedOrigins = value),
        Text("x-frame-options", "Which pages may show the server's in a frame: SAMEORIGIN (unless told otherwise), DENY for none, NONE for any.", (options, value) => options.XFrameOptions = value),
        Text("trusted-proxies", "Networks of proxies whose X-Forwarded-For, -Proto and -Host are believed, such as 10.0.0.0/8, separated by commas.", (options, value) => options.TrustedProxies = value),
        Text("certificate", "The server's certificate, which turns HTTPS on: a PEM file with its chain, or a PFX file.", (options, value) => options.Certificate = value),
        Text("certificate-key", "The PEM file of the certificate's private key.", (options, value) => options.CertificateKey = value),
        Text("certificate-password", "The password of the PFX file or of the key; better given in the environment than as a flag.", (options, value) => options.CertificatePassword = value),
        Text("oidc-issuer", "An OpenID provider whose bearer tokens are accepted, such as https://login.example.org.", (options, value) => options.OidcIssuer = value),
        Text("oidc-audience", "For whom the provider's tokens have to be meant.", (options, value) => options.OidcAudience = value),
        Text("oidc-group-claim", "The claim that lists a user's groups; groups unless told otherwise.", (options, value) => options.OidcGroupClaim = value),
        Text("oidc-name-claim", "The claim that names a user; email unless told otherwise.", (options, value) => options.OidcNameClaim = value),
        Text("oidc-admin-group", "The group in that claim whose members are admins.", (options, value) => options.OidcAdminGroup = value),
        Text("default-permission", "What everyone may do where nothing is granted to them: NO_PERMISSIONS, READ, USE, EDIT or MANAGE; READ unless told otherwise.", (options, value) => options.DefaultPermission = value),
        Text("packs", "Where the packs of stored content are: a folder, or s3://bucket/prefix; in the data folder unless told otherwise.", (options, value) => options.Packs = value),
        Text("artifact-root", "Where in S3 new experiments keep their artifacts, as s3://bucket/prefix, so that clients write and read there themselves; through the server unless told otherwise.", (options, value) => options.ArtifactRoot = value),
        Text("s3-endpoint", "The address of an S3 server that is not Amazon's.", (options, value) => options.S3Endpoint = value),
        Text("s3-region", "The region that requests to S3 are signed for; us-east-1 unless told otherwise.", (options, value) => options.S3Region = value),
        new("compress-content", "Compress stored content where that saves more than a tenth; true unless told otherwise.", (options, value) =>
            bool.TryParse(value, out var compress) && ((options.CompressContent = compress) || true)),
        new("python", "The Python that loads models which need one; the one on PATH unless told otherwise.", (options, value) => (options.Python = value).Length > 0),
        new("gateways", "Look after environments in this process: start their gateways here, and carry on rollouts; true unless told otherwise.", (options, value) =>
            bool.TryParse(value, out var gateways) && ((options.Gateways = gateways) || true)),
        Text("log-level", "How much the server says of its work: trace, debug, information, warning or error.", (options, value) => options.LogLevel = value),
    ];

    public string Variable => $"SLIPWAY_{Name.Replace('-', '_').ToUpperInvariant()}";

    public Option<string?> ToOption() => new($"--{Name}")
    {
        Description = $"{Description} ({Variable})",
        HelpName = Name == "allow-anonymous" ? "true|false" : Name.ToUpperInvariant(),
        Arity = Name == "allow-anonymous" ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    private static Setting Text(string name, string description, Action<ServerOptions, string> set) => new(name, description, (options, value) =>
    {
        set(options, value);
        return true;
    });
}
