using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Slipway.Serving.Workers;

namespace Slipway.Server.Delivery;

/// <summary>Where the gateway of an environment keeps what it needs, and how it is started. It outlives the server, and the next server finds it there.</summary>
/// <param name="data">The server's folder.</param>
/// <param name="environment">The environment's name.</param>
internal sealed class GatewayFolder(string data, string environment)
{
    /// <summary>The path of a socket may have 108 bytes, and those of workers lie deeper.</summary>
    private const int LengthLimit = 60;

    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Standard input, output and error of the gateway must not be ours: it goes on when we end.
    private const string Detached = """command -v setsid >/dev/null && set -- setsid "$@"; "$@" </dev/null >>"$SLIPWAY_GATEWAY_LOG" 2>&1 &""";

    public string Path { get; } = Choose(data, environment);

    /// <summary>Makes it, for its owner only.</summary>
    public void Make()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
            return;
        }

        // Where others may write, what is there may be another's.
        var made = Directory.CreateDirectory(Path, OwnersOnly);
        made.UnixFileMode = OwnersOnly;
    }

    /// <summary>Starts a gateway that goes on without this process.</summary>
    public void Start()
    {
        Make();
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", Detached, "sh", .. WorkerProgram.Find(), "gateway", "--folder", Path])
        {
            start.ArgumentList.Add(argument);
        }

        Clear(start.Environment);
        start.Environment["SLIPWAY_GATEWAY_LOG"] = System.IO.Path.Join(Path, "log");
        using var shell = Process.Start(start) ?? throw new IOException("The gateway could not be started.");
        shell.WaitForExit();
    }

    // It needs nothing of what the server was told: neither passwords of databases nor keys of buckets.
    private static void Clear(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => !Kept(name)).ToList())
        {
            environment.Remove(name);
        }
    }

    private static bool Kept(string name) => name is "PATH" or "HOME" or "LANG" or "TMPDIR" or "TZ" || name.StartsWith("DOTNET_", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal);

    private static string Choose(string data, string environment)
    {
        var usual = System.IO.Path.Join(System.IO.Path.GetFullPath(data), "serving", environment);
        if (usual.Length <= LengthLimit)
        {
            return usual;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(usual)))[..16];
        return System.IO.Path.Join(System.IO.Path.GetTempPath(), $"slipway-{digest}");
    }
}
