using System.Net;
using System.Net.Sockets;
using Slipway.Serving.Models;
using Slipway.Serving.Scoring;
using Slipway.Testing;
using Xunit;
using static Slipway.Serving.Tests.Python.PythonModels;

namespace Slipway.Serving.Tests.Python;

/// <summary>What a model can't do, whatever its code tries, and what becomes of one that misbehaves.</summary>
[Needs("python3-sklearn")]
public sealed class ConfinementTests(PythonModels models) : IClassFixture<PythonModels>
{
    [Promise]
    public async Task A_pickle_that_runs_code_is_not_loaded()
    {
        var refused = await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync(models.Options("hostile")));
        Assert.Contains("model.pkl: builtins.eval is not on the list", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(models.Root, "harmed")));
    }

    [Promise]
    public async Task A_model_that_brings_code_is_not_loaded_unless_it_is_trusted()
    {
        var refused = await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync(models.Yard with { CodeTrusted = false }));
        Assert.Contains("brings code of its own", refused.Message, StringComparison.Ordinal);
        Assert.Contains("slipway models trust", refused.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_model_sees_nothing_of_our_environment()
    {
        Environment.SetEnvironmentVariable("SLIPWAY_TOKEN", "secret");
        await using var scorer = await OpenAsync(models.Yard);
        var seen = (await AskAsync(scorer, new { what = "environment" })).EnumerateObject().Select(variable => variable.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["HOME", "LANG", "LC_CTYPE", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH", "TMPDIR"], seen.Where(name => name is not "LC_CTYPE").Append("LC_CTYPE").Order(StringComparer.Ordinal));
    }

    [Promise]
    public async Task A_models_folder_for_what_it_writes_is_its_own_and_goes_with_it()
    {
        var scorer = await OpenAsync(models.Yard);
        var home = (await AskAsync(scorer, new { what = "environment" })).GetProperty("HOME").GetString()!;
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(home) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.Equal("done", (await AskAsync(scorer, new { what = "write", path = Path.Join(home, "scratch") })).GetString());

        await scorer.DisposeAsync();

        Assert.False(Directory.Exists(home));
    }

    [Promise]
    [Needs("python namespaces")]
    public async Task A_model_reaches_no_network()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var scorer = await OpenAsync(models.Yard);
        Assert.Equal("OSError", (await AskAsync(scorer, new { what = "connect", port = ((IPEndPoint)listener.LocalEndpoint).Port })).GetString());
    }

    [Promise]
    [Needs("landlock")]
    public async Task A_model_reaches_no_files_but_its_own()
    {
        var secret = Path.Join(Path.GetDirectoryName(models.Root), "secret");
        await File.WriteAllTextAsync(secret, "registry");
        await using var scorer = await OpenAsync(models.Yard);
        Assert.Equal("PermissionError", (await AskAsync(scorer, new { what = "read", path = secret })).GetString());
        Assert.Equal("PermissionError", (await AskAsync(scorer, new { what = "write", path = secret })).GetString());
        Assert.Equal("PermissionError", (await AskAsync(scorer, new { what = "write", path = Path.Join(models.Yard.Model, "MLmodel") })).GetString());
        Assert.Equal("CalledProcessError", (await AskAsync(scorer, new { what = "run", path = secret })).GetString());
        Assert.Equal("done", (await AskAsync(scorer, new { what = "read", path = Path.Join(models.Yard.Model, "MLmodel") })).GetString());
        Assert.Equal("registry", await File.ReadAllTextAsync(secret));
    }

    [Promise]
    public async Task A_model_that_raises_goes_on()
    {
        await using var scorer = await OpenAsync(models.Yard);
        var before = await AskAsync(scorer, new { what = "pid" });
        var fault = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync(scorer, new { what = "fail" }));
        Assert.Equal((FailureSide.Model, 400), (fault.Side, fault.Status));
        Assert.Contains("ValueError: no such flower", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before.GetInt32(), (await AskAsync(scorer, new { what = "pid" })).GetInt32());
    }

    [Promise]
    public async Task A_model_that_hangs_is_ended_and_replaced()
    {
        await using var scorer = await OpenAsync(models.Yard with { RequestLimit = TimeSpan.FromSeconds(2) });
        var before = (await AskAsync(scorer, new { what = "pid" })).GetInt32();
        var fault = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync(scorer, new { what = "hang" }));
        Assert.Equal((FailureSide.Model, 504), (fault.Side, fault.Status));
        await AssertReplacedAsync(scorer, before);
    }

    [Promise]
    public async Task A_model_that_dies_is_replaced()
    {
        await using var scorer = await OpenAsync(models.Yard);
        var before = (await AskAsync(scorer, new { what = "pid" })).GetInt32();
        var fault = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync(scorer, new { what = "die" }));
        Assert.Contains("it ended with 3", fault.Message, StringComparison.Ordinal);
        await AssertReplacedAsync(scorer, before);
    }

    [Promise]
    public async Task A_model_that_grows_is_ended_and_one_that_asks_for_too_much_gets_none()
    {
        await using var scorer = await OpenAsync(models.Yard with { MemoryLimit = 600L << 20 });
        var before = (await AskAsync(scorer, new { what = "pid" })).GetInt32();
        var much = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync(scorer, new { what = "allocate" }));
        Assert.Contains("MemoryError", much.Message, StringComparison.Ordinal);
        var grown = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync(scorer, new { what = "grow" }));
        Assert.Contains("held more than 600 MiB", grown.Message, StringComparison.Ordinal);
        await AssertReplacedAsync(scorer, before);
    }

    [Promise]
    public async Task Several_processes_predict_at_once()
    {
        await using var scorer = await OpenAsync(models.Yard with { Sessions = 2, RequestLimit = TimeSpan.FromSeconds(5) });
        var hanging = AskAsync(scorer, new { what = "hang" });
        Assert.True((await AskAsync(scorer, new { what = "pid" })).GetInt32() > 0);
        Assert.False(hanging.IsCompleted);
        await Assert.ThrowsAsync<ScoringFault>(() => hanging);
    }

    // The one that answers next is another.
    private static async Task AssertReplacedAsync(IScorer scorer, int before)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!scorer.IsReady)
        {
            await Task.Delay(20, patience.Token);
        }

        Assert.NotEqual(before, (await AskAsync(scorer, new { what = "pid" })).GetInt32());
    }
}
