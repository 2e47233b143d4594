namespace Slipway.Server.Routing;

/// <summary>What stood in the braces of a route's pattern, as it was sent.</summary>
internal readonly struct RouteValues(string? first, string? second)
{
    /// <summary>The first value with its percent-encoding, for those who decode it by their own rules.</summary>
    public string RawFirst => first ?? "";

    public string First => Uri.UnescapeDataString(first ?? "");

    public string Second => Uri.UnescapeDataString(second ?? "");
}
