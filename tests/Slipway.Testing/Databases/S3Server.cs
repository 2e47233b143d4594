namespace Slipway.Testing;

/// <summary>An S3 server of this process with one empty bucket, gone with it. It is happy with any signature of its one key.</summary>
public sealed class S3Server
{
    private static readonly Lazy<Task<S3Server>> _shared = new(StartAsync);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    // Held so that it lives as long as we do.
    private readonly LeashedProcess _process;

    private S3Server(LeashedProcess process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
    }

    /// <summary>What both halves of its key are.</summary>
    public static string Key => "S3RVER";

    public static string Bucket => "slipway";

    public Uri Endpoint { get; }

    public bool IsAlive => !_process.HasExited;

    public static Task<S3Server> SharedAsync() => _shared.Value;

    /// <summary>Where the program is; null when it is not installed.</summary>
    internal static string? FindProgram() =>
        Above(AppContext.BaseDirectory).Select(folder => Path.Join(folder, "tests", "s3rver", "node_modules", "s3rver", "bin", "s3rver.js")).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Above(string folder)
    {
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            yield return above.FullName;
        }
    }

    private static async Task<S3Server> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-s3-").FullName;

        // Servers of this process find them where they find them everywhere.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", Key);
        var process = LeashedProcess.Start(new Leash(["node", FindProgram()!, "-s", "-d", folder, "-a", "127.0.0.1", "-p", "0", "--configure-bucket", Bucket])
        {
            Folder = folder,
        });
        var line = await process.WaitForLineAsync(line => line.Contains("listening on", StringComparison.Ordinal), _patience);
        return new S3Server(process, new Uri($"http://{line.Split(' ')[^1]}"));
    }
}
