using System.Diagnostics;
using Slipway.Serving.Workers;
using Slipway.Testing;
using Xunit;

namespace Slipway.Serving.Tests.Workers;

/// <summary>What becomes of workers that crash, hang, take too much, or never come up.</summary>
public sealed class LocalWorkerTests : WorkerYard
{
    [Promise, Needs("onnx")]
    public async Task One_that_is_killed_is_replaced_at_the_same_address()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Files.Of("iris")));
        var killed = worker.ProcessId!.Value;

        using (var process = Process.GetProcessById(killed))
        {
            process.Kill();
        }

        await ReplacedAsync(worker);
        Assert.NotEqual(killed, worker.ProcessId);
        Assert.Equal("Its process was ended by signal 9.", worker.Health.Failure);
        Assert.Equal(415, (await AskAsync(worker, "", "text/plain")).Status);
    }

    [Promise, Needs("onnx")]
    public async Task One_that_hangs_is_replaced()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Files.Of("iris")), options => options with { CheckLimit = TimeSpan.FromMilliseconds(500), ChecksMissed = 2 });

        using (var stop = Process.Start("kill", ["-STOP", worker.ProcessId!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync();
        }

        await ReplacedAsync(worker);
        Assert.Contains("hung", worker.Health.Failure, StringComparison.Ordinal);
    }

    [Promise, Needs("onnx")]
    public async Task One_that_takes_more_memory_than_it_may_is_replaced()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Bare("greedy.onnx")) { MemoryLimit = 500L << 20 });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AskAsync(worker, """{"inputs": [1000000000]}"""));

        await ReplacedAsync(worker);
        Assert.Contains("500 MiB are its limit", worker.Health.Failure, StringComparison.Ordinal);
        Assert.Equal(200, (await AskAsync(worker, """{"inputs": [5]}""")).Status);
    }

    [Promise, Needs("onnx")]
    public async Task One_that_is_stopped_leaves_nothing_behind()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Files.Of("iris")));
        using var process = Process.GetProcessById(worker.ProcessId!.Value);
        var folder = Path.GetDirectoryName(worker.Address.SocketPath)!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, OperatingSystem.IsLinux() ? File.GetUnixFileMode(folder) : default);

        await worker.StopAsync(CancellationToken.None);

        Assert.True(process.HasExited);
        Assert.False(Directory.Exists(folder));
        Assert.Equal((WorkerState.Stopped, 0), (worker.Health.State, worker.Health.Replaced));
    }

    [Promise, Needs("onnx")]
    public async Task A_request_that_is_under_way_is_answered_before_the_worker_ends()
    {
        var worker = await StartReadyAsync(new WorkerOptions(Bare("slow.onnx")));
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, token) => worker.Address.ConnectAsync(token), Expect100ContinueTimeout = Patience });
        using var held = new HeldContent("""{"inputs": [3]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/invocations") { Content = held, Headers = { ExpectContinue = true } };

        // The body is asked for when the worker has begun with the request.
        var answering = client.SendAsync(request);
        await held.Begun.Task.WaitAsync(Patience);
        var stopping = worker.StopAsync(CancellationToken.None);
        held.Go.SetResult();

        using var answer = await answering.WaitAsync(Patience);
        Assert.Equal("""{"predictions":{"rounded":[3]}}""", await answer.Content.ReadAsStringAsync());
        await stopping.WaitAsync(Patience);
    }

    [Promise, Needs("onnx")]
    public async Task A_model_that_can_not_be_loaded_is_told_with_the_reason()
    {
        var folder = Directory.CreateDirectory(Path.Join(Folder, "broken"));
        await File.WriteAllTextAsync(Path.Join(folder.FullName, "broken.onnx"), "no model");
        var worker = await StartAsync(new WorkerOptions(folder.FullName));

        var failure = await Assert.ThrowsAsync<WorkerFailedException>(() => ReadyAsync(worker));

        Assert.Contains("exit code 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ONNX Runtime can't load broken.onnx", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_never_comes_up_is_tried_again_with_longer_and_longer_waits()
    {
        var clock = Stopwatch.StartNew();
        var worker = await StartAsync(new WorkerOptions(Folder), Shell("echo broken >&2; exit 7", options => options with { FirstWait = TimeSpan.FromMilliseconds(100), LongestWait = TimeSpan.FromMilliseconds(400) }));

        await UntilAsync(() => worker.Health.Replaced >= 5, () => worker.Health.ToString());

        // 100, 200, 400 and 400 ms.
        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(1100), $"Five were started within {clock.Elapsed}.");
        Assert.Equal("Its process ended with exit code 7.", worker.Health.Failure);
        Assert.Contains("broken", worker.Health.Output);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told()
    {
        var worker = await StartAsync(new WorkerOptions(Folder), options => options with { Program = ["/no/such/program"], IsConfined = false });

        Assert.Contains("'/no/such/program' can't be started", (await Assert.ThrowsAsync<WorkerFailedException>(() => ReadyAsync(worker))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_load_in_time_is_ended()
    {
        var worker = await StartAsync(new WorkerOptions(Folder) { LoadLimit = TimeSpan.FromMilliseconds(1) }, Shell("exec sleep 600"));

        var failure = await Assert.ThrowsAsync<WorkerFailedException>(() => ReadyAsync(worker));

        Assert.Contains("did not load its model within", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_output_is_bounded_even_when_no_line_ends()
    {
        var worker = await StartAsync(new WorkerOptions(Folder), Shell("head -c 5000000 /dev/zero | tr '\\0' x; echo end; exit 1"));

        await UntilAsync(() => worker.Health.Output.Contains("end") || worker.Health.Output.Any(line => line.EndsWith("xend", StringComparison.Ordinal)), () => worker.Health.ToString());

        Assert.True(worker.Health.Output.Sum(line => line.Length) <= 16 << 10);
    }

    [Fact]
    public async Task Its_environment_holds_nothing_of_ours()
    {
        Environment.SetEnvironmentVariable("SLIPWAY_TOKEN", "a secret");
        var worker = await StartAsync(new WorkerOptions(Folder), Shell("env; exit 1"));

        await UntilAsync(() => worker.Health.Replaced > 0, () => worker.Health.ToString());

        Assert.Contains(worker.Health.Output, line => line.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.DoesNotContain(worker.Health.Output, line => line.StartsWith("SLIPWAY_", StringComparison.Ordinal));
    }

    [Promise, Needs("namespaces")]
    public async Task It_has_no_network()
    {
        var worker = await StartAsync(new WorkerOptions(Folder), Shell("cat /proc/net/dev /proc/net/route; exit 1"));

        await UntilAsync(() => worker.Health.Replaced > 0, () => worker.Health.ToString());

        Assert.Equal(["lo"], worker.Health.Output.Where(line => line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':')[0].Trim()).Distinct());
    }

    private static Func<LocalWorkersOptions, LocalWorkersOptions> Shell(string script, Func<LocalWorkersOptions, LocalWorkersOptions>? more = null) => options =>
    {
        var shell = options with { Program = ["/bin/sh", "-c", script] };
        return more is null ? shell : more(shell);
    };

    private static async Task ReplacedAsync(LocalWorker worker)
    {
        await UntilAsync(() => worker.Health is { Replaced: > 0 }, () => worker.Health.ToString());
        await UntilAsync(() => worker.Health is { State: WorkerState.Ready }, () => worker.Health.ToString());
    }
}
