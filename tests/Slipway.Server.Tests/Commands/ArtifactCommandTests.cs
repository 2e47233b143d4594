using Slipway.Server.Tests.Content;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Commands;

/// <summary>What the commands that store files promise, as processes of their own.</summary>
public sealed class ArtifactCommandTests : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await TestServer.StartAsync(_fresh);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_put_and_of_one_that_is_much_the_same_little_is_sent()
    {
        var (file, bytes) = (Path.Join(_fresh.Folder, "model.bin"), Samples.Random(1, 2 << 20));
        await File.WriteAllBytesAsync(file, bytes);

        var first = await RunAsync("artifacts", "put", file, "0/a/model.bin");
        var second = await RunAsync("artifacts", "put", file, "0/b/model.bin", "--base", "0/a/model.bin", "--json");

        Assert.Equal((0, $"{Samples.Sha256(bytes)}  0/a/model.bin"), (first.Code, first.Output.Trim()));
        Assert.EndsWith("bytes were sent", first.Errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(0, second.Code);
        Assert.Contains($"\"sha256\":\"{Samples.Sha256(bytes)}\"", second.Output, StringComparison.Ordinal);
        Assert.StartsWith("0 of", second.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("artifacts", "put", file + ".missing", "0/c")).Code);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => new SlipwayCommand(arguments).On(_server.Address).RunAsync();
}
