using Slipway.Serving.Onnx;
using Slipway.Serving.Workers;

namespace Slipway.Testing;

/// <summary>What tests may need, each with a probe that answers null when it is there, else what is missing.</summary>
internal static class Probes
{
    // A probe is asked once for each test, so the slow ones remember.
    private static readonly Lazy<string?> _strace = new(Strace);
    private static readonly Lazy<string?> _sklearn = new(() => PythonHas("sklearn, pandas, joblib", "python3-sklearn python3-pandas"));
    private static readonly Lazy<string?> _pythonNamespaces = new(() => PythonRuns("assert libc.unshare(0x50000000) == 0", "The system forbids user or network namespaces"));
    private static readonly Lazy<string?> _landlock = new(() => PythonRuns("assert libc.unshare(0x50000000) == 0 and libc.syscall(444, None, 0, 1) > 0", "The kernel has no Landlock"));
    private static readonly Lazy<string?> _torch = new(() => PythonHas("torch", "python3-torch"));

    /// <summary>More than can be demanded of every machine: without these, tests are skipped even where everything is required.</summary>
    public static IReadOnlySet<string> Rare { get; } = new HashSet<string> { "landlock", "namespaces", "python namespaces", "python3-torch" };

    private static readonly Lazy<string?> _namespaces = new(() => Confinement.Prefix.Count > 0 ? null : "unshare is missing, or this system allows no network namespaces.");

    public static IReadOnlyDictionary<string, Func<string?>> All { get; } = new Dictionary<string, Func<string?>>
    {
        ["landlock"] = () => _landlock.Value,
        ["namespaces"] = () => _namespaces.Value,
        ["onnx"] = () => OnnxApi.Missing,
        ["python namespaces"] = () => _pythonNamespaces.Value,
        ["postgres"] = Postgres,
        ["python3"] = () => Programs.Find("python3") is null ? "python3 is not on PATH." : null,
        ["python3-sklearn"] = () => _sklearn.Value,
        ["python3-torch"] = () => _torch.Value,
        ["s3"] = S3,
        ["strace"] = () => _strace.Value,
    };

    private static string? S3()
    {
        if (S3Server.FindProgram() is null)
        {
            return "The S3 server for tests is not installed: npm ci --ignore-scripts --prefix tests/s3rver";
        }

        return Programs.Find("node") is null ? "node is not on PATH." : null;
    }

    private static string? Postgres()
    {
        if (PostgresServer.Given is not null)
        {
            return null;
        }

        if (PostgresBinaries.Find() is null)
        {
            return PostgresBinaries.Missing;
        }

        return ServerUser.Find() is null ? ServerUser.Missing : null;
    }

    private static string? PythonRuns(string code, string otherwise)
    {
        var problem = Task.Run(() => Command.TryRunAsync(["/usr/bin/python3", "-I", "-c", $"import ctypes; libc = ctypes.CDLL(None); {code}"])).GetAwaiter().GetResult();
        return problem is null ? null : $"{otherwise}: {problem}";
    }

    // Debian's, whatever else is on PATH.
    private static string? PythonHas(string modules, string packages)
    {
        var problem = File.Exists("/usr/bin/python3") ? Task.Run(() => Command.TryRunAsync(["/usr/bin/python3", "-I", "-c", $"import {modules}"])).GetAwaiter().GetResult() : "there is none";
        return problem is null ? null : $"/usr/bin/python3 lacks {modules} (apt install {packages}): {problem}";
    }

    // Being installed is not enough: a container may forbid ptrace.
    private static string? Strace()
    {
        if (Programs.Find("strace") is not { } strace)
        {
            return "strace is not on PATH.";
        }

        var problem = Task.Run(() => Command.TryRunAsync([strace, "-o", "/dev/null", "true"])).GetAwaiter().GetResult();
        return problem is null ? null : $"strace does not work here: {problem}";
    }
}
