namespace Slipway.Client;

/// <summary>A file that was uploaded.</summary>
/// <param name="Sha256">What its bytes hash to, in hex.</param>
/// <param name="Size">How many there are.</param>
/// <param name="Sent">How many of them were sent now; the server had the others.</param>
public sealed record SentContent(string Sha256, long Size, long Sent);
