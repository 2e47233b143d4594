using Slipway.Serving.Onnx;
using Slipway.Serving.Workers;

namespace Slipway.Testing;

/// <summary>What tests may need, each with a probe that answers null when it is there, else what is missing.</summary>
internal static class Probes
{
    // A probe is asked once for each test, so the slow ones remember.
    private static readonly Lazy<string?> _strace = new(Strace);

    private static readonly Lazy<string?> _namespaces = new(() => Confinement.Prefix.Count > 0 ? null : "unshare is missing, or this system allows no network namespaces.");

    public static IReadOnlyDictionary<string, Func<string?>> All { get; } = new Dictionary<string, Func<string?>>
    {
        ["namespaces"] = () => _namespaces.Value,
        ["onnx"] = () => OnnxApi.Missing,
        ["postgres"] = Postgres,
        ["python3"] = () => Programs.Find("python3") is null ? "python3 is not on PATH." : null,
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
