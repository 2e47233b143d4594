namespace Slipway.Conformance.Tests.Replay;

/// <summary>A recorded request in the words of the server under test, ready to send.</summary>
internal sealed record OutgoingRequest(string Method, string Target, byte[] Body)
{
    public string? ContentType { get; init; }

    public string? Range { get; init; }
}
