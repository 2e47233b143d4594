namespace Slipway.Bench;

/// <summary>What is to be measured, and for how long.</summary>
/// <param name="Only">Beginnings of the names of cases; none means all.</param>
/// <param name="Databases">On which databases.</param>
/// <param name="Connections">With how many connections, each in its turn.</param>
/// <param name="Time">How long each measure takes.</param>
internal sealed record BenchOptions(IReadOnlyList<string> Only, IReadOnlyList<DatabaseKind> Databases, IReadOnlyList<int> Connections, TimeSpan Time)
{
    /// <summary>The compiler in the server settles in this time: what runs often is compiled twice more while it runs.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Clamp(Time.TotalSeconds, 5, 10));

    /// <summary>A measure is cut into this many parts, with a part of the yardstick's after each: the pace of a shared machine changes within seconds.</summary>
    public int Parts => (int)Math.Clamp(Math.Round(Time.TotalSeconds), 2, 20);

    public TimeSpan PartTime => Time / Parts;

    public bool Wants(string name) => Only.Count == 0 || Only.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));
}
