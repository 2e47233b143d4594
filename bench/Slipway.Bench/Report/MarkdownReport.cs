using System.Globalization;
using System.Text;
using Slipway.Bench.Cases;

namespace Slipway.Bench.Report;

/// <summary>The figures as they stand in the README.</summary>
internal static class MarkdownReport
{
    private const double MemoryGoal = 150;

    public static string Write(Figures figures)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {figures.Host}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Disk: {figures.Fsync.Rate:N0} appends of 4 KiB with fdatasync per second, p50 {Milliseconds(figures.Fsync.Percentile(0.5))} ms, p99 {Milliseconds(figures.Fsync.Percentile(0.99))} ms");
        foreach (var database in figures.Databases)
        {
            Write(text, database);
        }

        if (figures.Allocations.Count > 0)
        {
            text.AppendLine().AppendLine("| allocated by | connections | bytes per request |").AppendLine("| --- | ---: | ---: |");
            foreach (var allocation in figures.Allocations)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {allocation.Name} | {allocation.Connections} | {allocation.Bytes:N0} |");
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, DatabaseFigures database)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"### {database.Version}").AppendLine();
        text.AppendLine("| operation | connections | requests/s | p50 ms | p99 ms | errors | CPU µs | of the yardstick | goal | met |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (var row in database.Rows)
        {
            var (goal, met) = Judge(row, database);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Case.Name} | {row.Connections} | {row.Measured.Rate:N0} | {Milliseconds(row.Measured.Percentile(0.5))} | {Milliseconds(row.Measured.Percentile(0.99))} | {row.Measured.Errors} | {row.Measured.ProcessorTimeEach.TotalMicroseconds:N0} | {row.Share:P1} | {goal} | {met} |");
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"The yardstick did {Yardsticks(database.Rows)}.");
        if (database.Memory is { } memory)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"The server's resident memory was {memory.Peak:N0} MiB at its peak and {memory.Now:N0} MiB after the load; goal after the load {MemoryGoal} MiB: {YesOrNo(memory.Now <= MemoryGoal)}.");
        }
    }

    private static (string Goal, string Met) Judge(Row row, DatabaseFigures database)
    {
        if (row.TimesOf(database.Rows) is { } times)
        {
            var goal = string.Create(CultureInfo.InvariantCulture, $"{times:0.0} of ≤ {row.Case.Times!.Value.Most:0.0} × {row.Case.Times.Value.Case}");
            return (goal, row.Connections == Case.GoalConnections ? YesOrNo(times <= row.Case.Times.Value.Most) : "");
        }

        if (row.Case.Median is { } median)
        {
            return ($"p50 ≤ {Milliseconds(median)} ms", YesOrNo(row.Measured.Percentile(0.5) <= median));
        }

        return row.Connections == Case.GoalConnections && row.Case.ShareOn(database.Kind) is { } share
            ? (share.ToString("P1", CultureInfo.InvariantCulture), YesOrNo(row.Share >= share))
            : ("", "");
    }

    private static string Yardsticks(IReadOnlyList<Row> rows) => string.Join(", ", rows.GroupBy(row => row.Connections).OrderBy(group => group.Key).Select(group =>
        string.Create(CultureInfo.InvariantCulture, $"{group.Min(row => row.Yardstick.Rate):N0} to {group.Max(row => row.Yardstick.Rate):N0} requests/s with {group.Key} {(group.Key == 1 ? "connection" : "connections")}")));

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static string YesOrNo(bool met) => met ? "yes" : "no";
}
