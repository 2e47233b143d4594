using System.Globalization;

namespace Slipway.Testing;

/// <summary>An answer as it came over the connection; a chunked body keeps its chunk sizes.</summary>
public sealed record RawReply(string Head, string Body)
{
    public int Status => int.Parse(Head.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) => Head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
