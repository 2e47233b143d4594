using System.Text.Json;

namespace Slipway.Bench.Report;

/// <summary>The figures for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string Write(Figures figures) => JsonSerializer.Serialize(new
    {
        Machine = figures.Host,
        FsyncsPerSecond = figures.Fsync.Rate,
        Databases = figures.Databases.Select(database => new
        {
            database.Version,
            Rows = database.Rows.Select(row => new
            {
                Operation = row.Case.Name,
                row.Connections,
                RequestsPerSecond = row.Measured.Rate,
                P50Milliseconds = row.Measured.Percentile(0.5).TotalMilliseconds,
                P99Milliseconds = row.Measured.Percentile(0.99).TotalMilliseconds,
                row.Measured.Errors,
                ProcessorMicroseconds = row.Measured.ProcessorTimeEach.TotalMicroseconds,
                YardstickPerSecond = row.Yardstick.Rate,
                ShareGoal = row.Case.ShareOn(database.Kind),
                Times = row.TimesOf(database.Rows),
                MedianGoalMilliseconds = row.Case.Median?.TotalMilliseconds,
            }),
            PeakMemoryMebibytes = database.Memory?.Peak,
            MemoryMebibytes = database.Memory?.Now,
        }),
        figures.Allocations,
    }, Options);
}
