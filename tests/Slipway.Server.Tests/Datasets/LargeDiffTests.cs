using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>
/// Tables far larger than the memory allowed can be compared. With <c>SLIPWAY_TEST_LARGE=1</c> the tables have ten million
/// rows of ten columns; else fewer, and less memory.
/// </summary>
public sealed class LargeDiffTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-large-").FullName;
    private readonly bool _isLarge = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LARGE") == "1";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("id")]
    public async Task A_comparison_stays_within_its_memory(string key)
    {
        var (rows, megabytes) = _isLarge ? (10_000_000, 512) : (150_000, 200);
        var left = await WriteAsync("left.csv", rows, row => row);

        // Every hundredth row is gone, another has a new value, and a thousand are new.
        var right = await WriteAsync("right.csv", rows + 1000, row => row % 100 == 7 ? -1 : row % 100 == 8 ? row + 1 : row);

        var numbers = await CompareAsync(left, right, key);

        var (gone, changed) = (rows / 100, rows / 100);
        var isKeyed = key.Length > 0;
        var newRows = 1000 - (1000 / 100);
        Assert.Equal(
            isKeyed ? [newRows, gone, changed, rows - gone - changed] : [newRows + changed, gone + changed, -1, rows - gone - changed],
            numbers[..4]);
        Assert.InRange(numbers[4], 1, megabytes);
    }

    private async Task<string> WriteAsync(string name, int rows, Func<int, int> seed)
    {
        var file = Path.Join(_folder, name);
        await using var writer = new StreamWriter(file);
        await writer.WriteLineAsync("id,integer,float,text,word,flag,day,time,empty,code");
        for (var row = 0; row < rows; row++)
        {
            var value = seed(row);
            if (value >= 0)
            {
                await writer.WriteLineAsync(Row(row, value));
            }
        }

        return file;
    }

    private static string Row(int id, int value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{id},{value * 31L},{value / 7.0},text {value % 100_000},{(value % 3 == 0 ? "yes" : "no")},{value % 2 == 0},2024-01-{(value % 28) + 1:D2},2024-01-01T00:{value / 60 % 60:D2}:{value % 60:D2}Z,,{value:X8}");

    private async Task<int[]> CompareAsync(string left, string right, string key)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Join(AppContext.BaseDirectory, "Slipway.Measured.dll"), left, right, _folder, .. key.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return [.. output.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
    }
}
