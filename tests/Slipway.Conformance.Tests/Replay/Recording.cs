using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>The traffic of one scenario between a client and a server of the same version.</summary>
internal sealed record Recording(string Name, IReadOnlyList<Exchange> Exchanges)
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Recordings");

    public static IEnumerable<string> Names { get; } =
        Directory.EnumerateFiles(s_folder, "*.jsonl").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal).ToList();

    public Exchange this[int seq] => Exchanges[seq - 1];

    public static Recording Load(string name) => Parse(name, Lines(name));

    public static IReadOnlyList<string> Lines(string name) => File.ReadAllLines(Path.Combine(s_folder, name + ".jsonl"));

    public static Recording Parse(string name, IEnumerable<string> lines)
    {
        var exchanges = lines.Select(line => Exchange.Read(name, JsonNode.Parse(line)!.AsObject())).ToList();

        // Backwards, for two long bodies may follow one another.
        for (var i = exchanges.Count - 2; i >= 0; i--)
        {
            exchanges[i] = StandIn.ForLongJson(exchanges[i], exchanges[i + 1]);
        }

        return new Recording(name, exchanges);
    }
}
