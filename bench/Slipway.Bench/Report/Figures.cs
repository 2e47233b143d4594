using Slipway.Bench.Cases;
using Slipway.Bench.Load;
using Slipway.Bench.Machine;

namespace Slipway.Bench.Report;

/// <summary>All that was measured.</summary>
internal sealed record Figures(string Host, Measurement Fsync, IReadOnlyList<DatabaseFigures> Databases, IReadOnlyList<Allocation> Allocations);

/// <summary>What was measured on one database.</summary>
internal sealed record DatabaseFigures(DatabaseKind Kind, string Version, IReadOnlyList<Row> Rows, ResidentMemory? Memory);

/// <summary>One case with so many connections, and the yardstick beside it.</summary>
internal sealed record Row(Case Case, int Connections, Measurement Measured, Measurement Yardstick)
{
    public double Share => Measured.Rate / Yardstick.Rate;

    /// <summary>How many times the time of the case that it is compared with one request takes; null when it is compared with none of these.</summary>
    public double? TimesOf(IReadOnlyList<Row> rows) =>
        rows.FirstOrDefault(other => other.Case.Name == Case.Times?.Case && other.Connections == Connections) is { } other ? other.Share / Share : null;
}

/// <summary>How many bytes the server allocates for one request.</summary>
internal sealed record Allocation(string Name, int Connections, double Bytes);
