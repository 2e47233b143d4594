using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Slipway.Server.Content;

/// <summary>A place in S3, or in a store that speaks its protocol.</summary>
/// <param name="Bucket">The bucket; it has to exist.</param>
/// <param name="Prefix">What every name begins with: nothing, or a text that ends with a slash.</param>
/// <param name="Endpoint">The server's address; null for Amazon's own.</param>
/// <param name="Region">The region that requests are signed for.</param>
internal sealed record S3Place(string Bucket, string Prefix, string? Endpoint, string Region)
{
    public const string Scheme = "s3://";

    /// <summary>How it is written; it ends with a slash.</summary>
    public string Uri => $"{Scheme}{Bucket}/{Prefix}";

    /// <summary>Reads <c>s3://bucket</c> or <c>s3://bucket/prefix</c>; null when the text is neither.</summary>
    public static S3Place? TryParse(string text, string? endpoint, string region)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = text[Scheme.Length..].Split('/', 2);
        var prefix = parts.Length > 1 ? parts[1].Trim('/') : "";
        return parts[0].Length == 0 ? null : new S3Place(parts[0], prefix.Length == 0 ? "" : prefix + "/", endpoint, region);
    }

    /// <summary>A client for it.</summary>
    /// <param name="credentials">Null finds them as every AWS tool does.</param>
    public AmazonS3Client Connect(AWSCredentials? credentials)
    {
        var config = new AmazonS3Config { ForcePathStyle = true, AuthenticationRegion = Region };
        if (Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }
        else
        {
            config.ServiceURL = Endpoint;
        }

        return new AmazonS3Client(credentials ?? FallbackCredentialsFactory.GetCredentials(), config);
    }
}
