namespace Slipway.Wire.Identity;

/// <summary>A token, without its secret.</summary>
/// <param name="Id">Names it, to revoke it.</param>
/// <param name="Owner">Whose rights it carries.</param>
/// <param name="Name">What it is for, in its owner's words.</param>
/// <param name="Scope">What it may be used for at most: <c>all</c>, or words such as <c>read edit promote</c>.</param>
/// <param name="CreatedAt">In milliseconds since 1970.</param>
/// <param name="ExpiresAt">In milliseconds since 1970; absent when it never does.</param>
/// <param name="RevokedAt">In milliseconds since 1970; absent when it was not.</param>
public sealed record AccessToken(long Id, string Owner, string Name, string Scope, long CreatedAt, long? ExpiresAt, long? RevokedAt);

/// <summary>POST users/{name}/tokens.</summary>
/// <param name="Name">Required: what it is for.</param>
/// <param name="Scope">Words separated by blanks; absent or <c>all</c> cuts nothing.</param>
/// <param name="ExpiresAt">In milliseconds since 1970; absent means never.</param>
public sealed record CreateTokenRequest(string? Name, string? Scope, long? ExpiresAt);

/// <summary>A new token.</summary>
/// <param name="Token">What is kept of it.</param>
/// <param name="Secret">What to send as a bearer token, or as a password beside the owner's name. It is shown this once.</param>
public sealed record CreateTokenResponse(AccessToken Token, string Secret);

/// <summary>The tokens of a user.</summary>
/// <param name="Tokens">Oldest first, with those that have expired or were revoked.</param>
public sealed record TokensResponse(IReadOnlyList<AccessToken> Tokens);
