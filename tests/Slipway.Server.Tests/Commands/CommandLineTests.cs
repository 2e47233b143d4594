using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Commands;

/// <summary>What the program promises on the command line, as a process of its own.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private Fresh _fresh = null!;

    public async Task InitializeAsync() => _fresh = await Fresh.SqliteAsync();

    public async Task DisposeAsync() => await _fresh.DisposeAsync();

    [Fact]
    public async Task Serve_says_where_it_listens_where_data_lies_and_how_to_point_a_client_at_it()
    {
        await using var process = await SlipwayProcess.StartAsync(_fresh);
        using var client = new WireClient(process.Address);

        Assert.Equal("OK", (await client.GetAsync("/health")).Text);
        var greeting = await ReadUntilAsync(process, "Ctrl+C");
        Assert.Contains($"MLFLOW_TRACKING_URI={process.Address.ToString().TrimEnd('/')}", greeting, StringComparison.Ordinal);
        Assert.Contains(Path.Join(_fresh.Folder, "slipway.db"), greeting, StringComparison.Ordinal);
        Assert.Contains(Path.Join(_fresh.Folder, "artifacts"), greeting, StringComparison.Ordinal);
        Assert.Equal(0, await process.StopAsync());
    }

    [Fact]
    public async Task A_flag_wins_over_the_environment_and_that_over_the_file()
    {
        var file = Path.Join(_fresh.Folder, "slipway.json");
        await File.WriteAllTextAsync(file, """{"static-prefix": "/file", "allowed-hosts": "example.org"}""");
        var environment = new Dictionary<string, string> { ["SLIPWAY_CONFIG"] = file, ["SLIPWAY_STATIC_PREFIX"] = "/environment" };

        await using (var process = await SlipwayProcess.StartAsync(_fresh, [], environment))
        {
            Assert.Equal("/environment", process.Address.AbsolutePath);
            await process.StopAsync();
        }

        await using var flagged = await SlipwayProcess.StartAsync(_fresh, ["--static-prefix", "/flag"], environment);
        Assert.Equal("/flag", flagged.Address.AbsolutePath);
    }

    [Fact]
    public async Task Every_problem_with_the_settings_is_told_at_once()
    {
        var file = Path.Join(_fresh.Folder, "slipway.json");
        await File.WriteAllTextAsync(file, """{"prot": 5000}""");

        var (code, _, errors) = await RunAsync("serve", "--config", file, "--port", "many", "--allow-anonymous", "perhaps");

        Assert.Equal(2, code);
        Assert.Contains("there is no setting 'prot'", errors, StringComparison.Ordinal);
        Assert.Contains("port can't be 'many'", errors, StringComparison.Ordinal);
        Assert.Contains("allow-anonymous can't be 'perhaps'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_beyond_loopback_is_refused_unless_it_is_allowed_by_name()
    {
        var (code, _, errors) = await RunAsync("serve", "--host", "0.0.0.0", "--port", "0", "--data", _fresh.Folder);

        Assert.Equal(2, code);
        Assert.Contains("--allow-anonymous", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Join(_fresh.Folder, "slipway.db")));
    }

    [Fact]
    public async Task A_second_process_on_one_folder_is_refused_in_one_sentence()
    {
        await using var process = await SlipwayProcess.StartAsync(_fresh);

        var (code, _, errors) = await RunAsync("serve", "--port", "0", "--data", _fresh.Folder);

        Assert.Equal(1, code);
        Assert.Contains("in use by another Slipway", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_usage_says_what_is_allowed()
    {
        var (code, _, errors) = await RunAsync("serve", "--bogus");

        Assert.Equal(2, code);
        Assert.Contains("--help", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_a_server_that_answers_from_one_that_does_not()
    {
        await using var process = await SlipwayProcess.StartAsync(_fresh);

        var (there, output, _) = await RunAsync("status", "--json", "--server", process.Address.ToString());
        var (away, _, errors) = await RunAsync("status", "--server", "http://127.0.0.1:1");

        Assert.Equal((0, true), (there, output.Contains("\"reachable\":true", StringComparison.Ordinal)));
        Assert.Equal(3, away);
        Assert.Contains("slipway serve", errors, StringComparison.Ordinal);
    }

    private static async Task<string> ReadUntilAsync(SlipwayProcess process, string text)
    {
        while (!process.Output.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Yield();
        }

        return string.Join('\n', process.Output);
    }

    private static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => new SlipwayCommand(arguments).RunAsync();
}
