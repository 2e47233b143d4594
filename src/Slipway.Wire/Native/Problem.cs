namespace Slipway.Wire.Native;

/// <summary>What the native API answers in place of a result, as <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Type">Names the kind of problem: <c>urn:slipway:problem:</c> and the code in lower case.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What was wrong with this request, and what is allowed.</param>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    /// <summary>The media type of a problem.</summary>
    public const string MediaType = "application/problem+json";
}
