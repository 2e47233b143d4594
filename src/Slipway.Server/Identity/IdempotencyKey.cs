namespace Slipway.Server.Identity;

/// <summary>Names a request, so that repeating it does not do it again.</summary>
/// <param name="Key">Chosen by the client.</param>
/// <param name="Fingerprint">Over what was asked: the same key with another request is a mistake.</param>
internal sealed record IdempotencyKey(string Key, string Fingerprint);
