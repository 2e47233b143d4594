using System.Globalization;
using System.Security.Cryptography;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>A large file needs no more memory than a small one. Measured on a process that does nothing else.</summary>
public sealed class LargeFileTests
{
    private const int Size = 256 << 20;

    [Promise]
    public async Task A_large_file_goes_both_ways_in_constant_memory()
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var process = await SlipwayProcess.StartAsync(fresh);
        await GoBothWaysAsync(process.Address, Size / 16);
        var before = PeakMegabytes(process.Pid);

        await GoBothWaysAsync(process.Address, Size);

        Assert.InRange(PeakMegabytes(process.Pid) - before, 0, (Size >> 20) / 4);
    }

    /// <summary>Of 64 MB, or, with <c>SLIPWAY_TEST_LARGE=1</c>, of a gibibyte.</summary>
    [Promise]
    public async Task Noise_that_no_chunk_repeats_comes_back_byte_for_byte()
    {
        var size = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LARGE") == "1" ? 1L << 30 : 64L << 20;
        await using var fresh = await Fresh.SqliteAsync();
        await using var server = await TestServer.StartAsync(fresh);

        await GoBothWaysAsync(server.Address, () => new Noise(size));
    }

    private static Task GoBothWaysAsync(Uri address, int size) => GoBothWaysAsync(address, () => new Zeros(size));

    private static async Task GoBothWaysAsync(Uri address, Func<Stream> open)
    {
        using var client = new WireClient(address);
        using var content = new StreamContent(open(), 1 << 20);
        (await client.SendAsync(HttpMethod.Put, $"{ArtifactServer.Proxy}/big", content)).Ok();

        using var http = new HttpClient { BaseAddress = address };
        using var reply = await http.GetAsync(new Uri($"{ArtifactServer.Proxy}/big", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await reply.Content.ReadAsStreamAsync();
        Assert.Equal(await SHA256.HashDataAsync(open()), await SHA256.HashDataAsync(body));
    }

    // "VmHWM:    123456 kB"
    private static int PeakMegabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', '\t')[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
