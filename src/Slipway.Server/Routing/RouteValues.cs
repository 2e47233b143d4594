using Slipway.Store;

namespace Slipway.Server.Routing;

/// <summary>What stood in the braces of a route's pattern, as it was sent.</summary>
internal readonly struct RouteValues(string? first, string? second)
{
    /// <summary>The first value with its percent-encoding, for those who decode it by their own rules.</summary>
    public string RawFirst => first ?? "";

    public string First => Decode(first);

    public string Second => Decode(second);

    private static string Decode(string? value)
    {
        var text = Uri.UnescapeDataString(value ?? "");
        return text.Contains('\0', StringComparison.Ordinal) ? throw Fault.Invalid("Invalid path: it holds NUL.") : text;
    }
}
