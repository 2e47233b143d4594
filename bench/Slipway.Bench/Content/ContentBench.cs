using System.Diagnostics;
using System.Globalization;
using System.Text;
using Slipway.Bench.Machine;
using Slipway.Testing;

namespace Slipway.Bench.Content;

/// <summary>How much space stored content takes, and how fast it comes and goes, beside what the machine does without us.</summary>
internal sealed class ContentBench(ContentBenchOptions options)
{
    private const string Artifacts = "/api/2.0/mlflow-artifacts/artifacts/";
    private const int Rounds = 5;
    private const int WarmUps = 5;

    /// <summary>What can be measured: three kinds of space, and two contents that are sent both ways.</summary>
    public static readonly string[] Names = ["space-table", "space-weights", "space-scattered", "send-noise", "send-table"];

    private readonly StringBuilder _report = new();

    public static async Task<string> RunAsync(ContentBenchOptions options)
    {
        var bench = new ContentBench(options);
        bench._report.AppendLine(Host.Describe()).AppendLine();
        if (Names[..3].Any(bench.Wants))
        {
            await bench.MeasureSpaceAsync();
        }

        if (Names[3..].Any(bench.Wants))
        {
            await bench.MeasureSpeedAsync();
        }

        return bench._report.ToString();
    }

    private bool Wants(string name) => options.Only.Count == 0 || options.Only.Any(part => name.Contains(part, StringComparison.Ordinal));

    private async Task MeasureSpaceAsync()
    {
        _report.AppendLine(CultureInfo.InvariantCulture, $"{options.Versions} versions, no compression:").AppendLine();
        _report.AppendLine("| content | size | stored | of one version | goal |").AppendLine("| --- | ---: | ---: | ---: | ---: |");
        await IfWantedAsync(Names[0], () => MeasureSpaceAsync(Evolution.Table(options.TableBytes), 1.45));
        await IfWantedAsync(Names[1], () => MeasureSpaceAsync(Evolution.Weights(options.WeightBytes), 2.2));
        await IfWantedAsync(Names[2], () => MeasureSpaceAsync(Evolution.Scattered(options.TableBytes), null));
        _report.AppendLine();
    }

    private Task IfWantedAsync(string name, Func<Task> measure) => Wants(name) ? measure() : Task.CompletedTask;

    private async Task MeasureSpaceAsync(Evolution evolution, double? goal)
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var server = await SlipwayProcess.StartAsync(fresh, ["--compress-content", "false"]);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(10) };
        foreach (var version in evolution.Versions(options.Versions))
        {
            using var content = new ByteArrayContent(version);
            (await http.PutAsync(new Uri($"{Artifacts}0/file", UriKind.Relative), content)).EnsureSuccessStatusCode();
        }

        var stored = new DirectoryInfo(Path.Join(fresh.Folder, "artifacts", "packs")).GetFiles().Sum(file => file.Length);
        _report.AppendLine(CultureInfo.InvariantCulture, $"| {evolution.Name} | {evolution.Size / 1e6:F0} MB | {stored / 1e6:F0} MB | {(double)stored / evolution.Size:F2} × | {(goal is null ? "" : $"{goal:F2} ×")} |");
    }

    private async Task MeasureSpeedAsync()
    {
        _report.AppendLine(CultureInfo.InvariantCulture, $"{options.TransferBytes >> 20} MiB through the proxy, the median of {Rounds} rounds in which all take turns:").AppendLine();
        _report.AppendLine("| content | cp and sha256sum | upload | of it | plain file | download | of it | upload of the same again | memory over idle |").AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        await IfWantedAsync(Names[3], () => MeasureSpeedAsync("noise", Noise(options.TransferBytes)));
        await IfWantedAsync(Names[4], () => MeasureSpeedAsync("table", Evolution.Rows(new Random(5), options.TransferBytes)));
    }

    private static byte[] Noise(int size)
    {
        var noise = new byte[size];
        new Random(4).NextBytes(noise);
        return noise;
    }

    private async Task MeasureSpeedAsync(string name, byte[] content)
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var server = await SlipwayProcess.StartAsync(fresh);
        await using var plain = await YardstickProcess.StartAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        var file = Path.Join(fresh.Folder, "sent");
        await File.WriteAllBytesAsync(file, content);
        var size = content.Length;
        content = [];
        GC.Collect();

        // The compiler settles, and what it takes is no part of an upload.
        for (var i = 0; i < WarmUps; i++)
        {
            await UploadAsync(http, server.Address, "warm", file, 16 << 20);
            await DownloadAsync(http, new Uri(server.Address, $"{Artifacts}0/warm"));
            await ForgetAsync(http, server.Address, "warm");
        }

        var idle = ResidentMemory.Of(server.Pid)?.Peak ?? 0;

        var (copied, uploaded, again, sent, downloaded) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            copied.Add(await TimeAsync(() => CopyAsync(file)));
            uploaded.Add(await TimeAsync(() => UploadAsync(http, server.Address, "big", file, size)));
            again.Add(await TimeAsync(() => UploadAsync(http, server.Address, "big", file, size)));
            sent.Add(await TimeAsync(() => DownloadAsync(http, new Uri(plain.Address, $"/?file={Uri.EscapeDataString(file)}"))));
            downloaded.Add(await TimeAsync(() => DownloadAsync(http, new Uri(server.Address, $"{Artifacts}0/big"))));
            await ForgetAsync(http, server.Address, "big");
        }

        var memory = (ResidentMemory.Of(server.Pid)?.Peak ?? 0) - idle;
        string Rate(List<double> seconds) => string.Create(CultureInfo.InvariantCulture, $"{size / 1e6 / Median(seconds):F0} MB/s");
        string Share(List<double> yardstick, List<double> measured) => string.Create(CultureInfo.InvariantCulture, $"{100 * Median(yardstick) / Median(measured):F0} %");
        _report.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {Rate(copied)} | {Rate(uploaded)} | {Share(copied, uploaded)} | {Rate(sent)} | {Rate(downloaded)} | {Share(sent, downloaded)} | {Rate(again)} | {memory:F0} MiB |");
    }

    // So that the next round stores every byte again.
    private static async Task ForgetAsync(HttpClient http, Uri server, string name)
    {
        (await http.DeleteAsync(new Uri(server, $"{Artifacts}0/{name}"))).EnsureSuccessStatusCode();
        using var body = new StringContent("""{"grace_seconds":0}""", Encoding.UTF8, "application/json");
        (await http.PostAsync(new Uri(server, "/api/slipway/v1/gc"), body)).EnsureSuccessStatusCode();
    }

    private static async Task UploadAsync(HttpClient http, Uri server, string name, string file, int size)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        using var content = new StreamContent(size < stream.Length ? new MemoryStream(await ReadAsync(stream, size)) : stream, 1 << 20);
        (await http.PutAsync(new Uri(server, $"{Artifacts}0/{name}"), content)).EnsureSuccessStatusCode();
    }

    private static async Task<byte[]> ReadAsync(FileStream stream, int size)
    {
        var bytes = new byte[size];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task DownloadAsync(HttpClient http, Uri address)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 20];
        while (await body.ReadAsync(buffer) > 0)
        {
            // Read and forgotten, by whoever sends it.
        }
    }

    private static async Task CopyAsync(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cp \"$1\" \"$1.copy\" && sha256sum \"$1.copy\" >/dev/null && rm \"$1.copy\"", "sh", file]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"cp and sha256sum ended with {process.ExitCode}.");
        }
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>How much to store and to send.</summary>
internal sealed record ContentBenchOptions(int Versions, int TableBytes, int WeightBytes, int TransferBytes)
{
    /// <summary>What a minute is enough for.</summary>
    public static readonly ContentBenchOptions Small = new(5, 40 << 20, 40 << 20, 128 << 20);

    /// <summary>What the goals are about.</summary>
    public static readonly ContentBenchOptions Full = new(20, 200 << 20, 100 << 20, 1 << 30);

    /// <summary>Parts of the names of what to measure; none means all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];
}
