using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Server.Identity;

/// <summary>A user as the audit log tells of it. It never tells of passwords.</summary>
internal sealed record UserState(string Name, string Kind, bool IsAdmin, bool IsAuditor)
{
    public static string Of(UserRow row) => JsonSerializer.Serialize(new UserState(row.Name, row.Kind, row.IsAdmin, row.IsAuditor), IdentityJson.Default.UserState);
}

/// <summary>A token as the audit log tells of it.</summary>
internal sealed record TokenState(long Id, string Owner, string Name, string Scope, long? ExpiresAt, long? RevokedAt)
{
    public static string Of(TokenRow row, string owner) =>
        JsonSerializer.Serialize(new TokenState(row.Id, owner, row.Name, row.Scope, row.ExpiresAt, row.RevokedAt), IdentityJson.Default.TokenState);
}

/// <summary>A membership as the audit log tells of it.</summary>
internal sealed record MemberState(string Member)
{
    public static string Of(string member) => JsonSerializer.Serialize(new MemberState(member), IdentityJson.Default.MemberState);
}

/// <summary>A grant as the audit log tells of it.</summary>
internal sealed record GrantState(string? User, string? Group, string? Level, bool Promote, bool Approve, bool BreakGlass);

/// <summary>What an identity provider says of a user's groups, as the audit log tells of it.</summary>
internal sealed record ProvidedState(bool IsAdmin, IReadOnlyList<string> Groups);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserState))]
[JsonSerializable(typeof(TokenState))]
[JsonSerializable(typeof(MemberState))]
[JsonSerializable(typeof(GrantState))]
[JsonSerializable(typeof(ProvidedState))]
internal sealed partial class IdentityJson : JsonSerializerContext;
