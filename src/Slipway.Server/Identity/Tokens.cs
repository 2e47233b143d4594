using System.Data.Common;
using Slipway.Store;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>Every statement that touches <c>tokens</c>.</summary>
internal static class Tokens
{
    /// <summary>The token with this hash, unless it was revoked.</summary>
    public static Task<TokenRow?> FindAsync(Reader reader, string hash, CancellationToken cancellationToken) =>
        reader.FindAsync($"select id, owner, name, scope, created_at, expires_at, revoked_at from tokens where hash = {hash} and revoked_at is null", Map, cancellationToken);

    public static async Task<TokenRow> GetAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select id, owner, name, scope, created_at, expires_at, revoked_at from tokens where id = {id}", Map, cancellationToken)
            ?? throw Fault.NotFound($"There is no token {id}.");

    public static Task<List<TokenRow>> OfAsync(Reader reader, long owner, CancellationToken cancellationToken) =>
        reader.ListAsync($"select id, owner, name, scope, created_at, expires_at, revoked_at from tokens where owner = {owner} order by id", Map, cancellationToken);

    /// <summary>How many of somebody's tokens are good for something at a time.</summary>
    public static async Task<long> CountGoodAsync(Reader reader, long owner, long at, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select count(*) from tokens where owner = {owner} and revoked_at is null and (expires_at is null or expires_at > {at})", row => row.GetInt64(0), cancellationToken);

    public static Task AddAsync(Change change, TokenRow row, string hash, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into tokens (id, owner, name, hash, scope, created_at, expires_at)
            values ({row.Id}, {row.Owner}, {row.Name}, {hash}, {row.Scope}, {row.CreatedAt}, {row.ExpiresAt})
            """, cancellationToken);

    public static Task RevokeAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update tokens set revoked_at = {change.Info.At} where id = {id} and revoked_at is null", cancellationToken);

    public static Task RemoveAllAsync(Change change, long owner, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from tokens where owner = {owner}", cancellationToken);

    private static TokenRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4))
    {
        ExpiresAt = row.IsDBNull(5) ? null : row.GetInt64(5),
        RevokedAt = row.IsDBNull(6) ? null : row.GetInt64(6),
    };
}

/// <summary>A token as kept; its hash never leaves the table.</summary>
internal sealed record TokenRow(long Id, long Owner, string Name, string Scope, long CreatedAt)
{
    public long? ExpiresAt { get; init; }

    public long? RevokedAt { get; init; }

    public AccessToken ToWire(string owner) => new(Id, owner, Name, Scope, CreatedAt, ExpiresAt, RevokedAt);
}
