using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Every statement that touches <c>user_groups</c> and <c>group_members</c>.</summary>
internal static class UserGroups
{
    /// <summary>The source of memberships that an admin gave.</summary>
    public const string ByHand = "local";

    /// <summary>The source of memberships that follow an identity provider.</summary>
    public const string ByProvider = "oidc";

    public static Task<GroupRow?> FindAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"select id, name, created_at from user_groups where name = {name}", Map, cancellationToken);

    public static async Task<GroupRow> GetAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        await FindAsync(reader, name, cancellationToken) ?? throw Fault.NotFound($"Group '{Checks.Text.Shorten(name)}' not found");

    public static Task<List<GroupRow>> ListAsync(Reader reader, string after, long limit, CancellationToken cancellationToken) =>
        reader.ListAsync($"select id, name, created_at from user_groups where name > {after} order by name limit {limit}", Map, cancellationToken);

    public static Task<List<GroupRow>> NamedAsync(Reader reader, IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        reader.ListAsync($"select id, name, created_at from user_groups where name in {names}", Map, cancellationToken);

    /// <summary>The groups that somebody is in, from whatever source.</summary>
    public static Task<List<GroupRow>> OfAsync(Reader reader, long member, CancellationToken cancellationToken) =>
        reader.ListAsync(
            $"select id, name, created_at from user_groups where id in (select user_group from group_members where member = {member}) order by name",
            Map,
            cancellationToken);

    public static Task<List<long>> OfAsync(Reader reader, long member, string source, CancellationToken cancellationToken) =>
        reader.ListAsync($"select user_group from group_members where member = {member} and source = {source}", row => row.GetInt64(0), cancellationToken);

    public static Task<List<string>> MembersAsync(Reader reader, long group, CancellationToken cancellationToken) =>
        reader.ListAsync($"select name from users where id in (select member from group_members where user_group = {group}) order by name", row => row.GetString(0), cancellationToken);

    public static Task AddAsync(Change change, GroupRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"insert into user_groups (id, name, created_at) values ({row.Id}, {row.Name}, {row.CreatedAt})", cancellationToken);

    public static async Task RemoveAsync(Change change, long group, CancellationToken cancellationToken)
    {
        await change.ExecuteAsync($"delete from group_members where user_group = {group}", cancellationToken);
        await change.ExecuteAsync($"delete from user_groups where id = {group}", cancellationToken);
    }

    /// <returns>False when they were in it already.</returns>
    public static async Task<bool> JoinAsync(Change change, long group, long member, string source, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"insert into group_members (user_group, member, source) values ({group}, {member}, {source}) on conflict do nothing", cancellationToken) == 1;

    /// <returns>False when they were not in it.</returns>
    public static async Task<bool> LeaveAsync(Change change, long group, long member, string source, CancellationToken cancellationToken) =>
        await change.ExecuteAsync($"delete from group_members where user_group = {group} and member = {member} and source = {source}", cancellationToken) == 1;

    public static Task LeaveAllAsync(Change change, long member, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from group_members where member = {member}", cancellationToken);

    private static GroupRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetInt64(2));
}

/// <summary>A group as kept.</summary>
internal sealed record GroupRow(long Id, string Name, long CreatedAt);
