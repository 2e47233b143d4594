using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Testing;

public sealed class LeashedProcessTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Releasing_it_ends_the_program_and_removes_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
        var process = LeashedProcess.Start(Script("echo ready; exec sleep 600") with { Folder = folder });
        await process.WaitForLineAsync(line => line == "ready", _patience);
        var pid = await process.PidAsync();
        Assert.True(IsAlive(pid));

        await process.DisposeAsync();

        Assert.False(IsAlive(pid));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_signal_reaches_the_program_and_its_exit_code_comes_back()
    {
        await using var process = LeashedProcess.Start(Script("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done"));
        await process.WaitForLineAsync(line => line == "ready", _patience);

        Signals.Send(await process.PidAsync(), Signals.Terminate);

        Assert.Equal(7, await process.WaitForExitAsync(_patience));
        Assert.Equal(["ready", "bye"], process.Output);
    }

    [Fact]
    public async Task A_killed_program_is_told_from_one_that_ended()
    {
        await using var process = LeashedProcess.Start(Script("exec sleep 600"));

        Signals.Send(await process.PidAsync(), Signals.Kill);

        Assert.Equal(128 + Signals.Kill, await process.WaitForExitAsync(_patience));
        Assert.True(process.HasExited);
    }

    [Fact]
    public async Task One_that_ends_before_it_is_ready_fails_with_what_it_said()
    {
        await using var process = LeashedProcess.Start(Script("echo \"no $WHAT\" >&2; exit 3") with
        {
            Environment = new Dictionary<string, string> { ["WHAT"] = "luck" },
        });

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => process.WaitForLineAsync(line => line == "ready", _patience));

        Assert.Contains("ended with 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no luck", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["no luck"], process.Errors);
        Assert.Empty(process.Output);
    }

    private static Leash Script(string script) => new(["/bin/sh", "-c", script]);

    private static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}");
}
