using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Every statement that touches <c>users</c>.</summary>
internal static class Users
{
    private static Sql Columns => Sql.Of($"id, name, kind, is_admin, is_auditor, created_at, password, issuer, subject");

    public static Task<bool> AnyAsync(Reader reader, CancellationToken cancellationToken) => reader.AnyAsync($"select 1 from users limit 1", cancellationToken);

    public static Task<bool> IsThereOtherAdminAsync(Reader reader, long than, CancellationToken cancellationToken) =>
        reader.AnyAsync($"select 1 from users where is_admin = 1 and kind = {Wire.Identity.Person.PersonKind} and id <> {than} limit 1", cancellationToken);

    public static Task<UserRow?> FindAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from users where name = {name}", Map, cancellationToken);

    public static Task<UserRow?> FindAsync(Reader reader, long id, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from users where id = {id}", Map, cancellationToken);

    public static Task<UserRow?> FindBySubjectAsync(Reader reader, string issuer, string subject, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {Columns} from users where issuer = {issuer} and subject = {subject}", Map, cancellationToken);

    public static async Task<UserRow> GetAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        await FindAsync(reader, name, cancellationToken) ?? throw Fault.NotFound($"User with username={Checks.Text.Shorten(name)} not found");

    public static Task<List<UserRow>> ListAsync(Reader reader, string after, long limit, CancellationToken cancellationToken) =>
        reader.ListAsync($"select {Columns} from users where name > {after} order by name limit {limit}", Map, cancellationToken);

    public static Task AddAsync(Change change, UserRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into users (id, name, kind, password, issuer, subject, is_admin, is_auditor, created_at, updated_at)
            values ({row.Id}, {row.Name}, {row.Kind}, {row.Password}, {row.Issuer}, {row.Subject}, {Number(row.IsAdmin)}, {Number(row.IsAuditor)}, {row.CreatedAt}, {row.CreatedAt})
            """, cancellationToken);

    public static Task SetPasswordAsync(Change change, long id, string password, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update users set password = {password}, updated_at = {change.Info.At} where id = {id}", cancellationToken);

    public static Task SetRolesAsync(Change change, UserRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update users set is_admin = {Number(row.IsAdmin)}, is_auditor = {Number(row.IsAuditor)}, updated_at = {change.Info.At} where id = {row.Id}", cancellationToken);

    public static Task RemoveAsync(Change change, long id, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"delete from users where id = {id}", cancellationToken);

    private static long Number(bool flag) => flag ? 1 : 0;

    private static UserRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3) == 1, row.GetInt64(4) == 1, row.GetInt64(5))
    {
        Password = row.IsDBNull(6) ? null : row.GetString(6),
        Issuer = row.IsDBNull(7) ? null : row.GetString(7),
        Subject = row.IsDBNull(8) ? null : row.GetString(8),
    };
}
