using System.Data.Common;
using Slipway.Server.Governance;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Every statement that touches <c>environments</c>.</summary>
internal static class Environments
{
    /// <summary>The environment that serves a stage of a model: the one whose pattern fits closest, then the first by name; null when none does.</summary>
    public static async Task<ServingEnvironment?> FindServingAsync(Reader reader, (string Model, string Stage) what, CancellationToken cancellationToken) => Choose(
        await reader.ListAsync($"{Select} where stage = {what.Stage}", Map, cancellationToken), what.Model)?.Parse();

    /// <summary>Those in force, by name.</summary>
    public static Task<List<EnvironmentRow>> ListAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.ListAsync($"{Select} where stage is not null order by name", Map, cancellationToken);

    /// <summary>One in force; null when there is none of the name.</summary>
    public static async Task<EnvironmentRow?> FindAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        await FindAnyAsync(reader, name, cancellationToken) is { Stage: not null } row ? row : null;

    /// <exception cref="Fault">There is none of this name.</exception>
    public static async Task<EnvironmentRow> GetAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        await FindAsync(reader, name, cancellationToken) ?? throw Unknown(name);

    /// <summary>The number under which an environment would be applied next. It goes on where it was, even after the environment was taken away.</summary>
    public static async Task<long> NextVersionAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        (await FindAnyAsync(reader, name, cancellationToken))?.Version + 1 ?? 1;

    public static Task ApplyAsync(Change change, EnvironmentRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into environments (name, version, stage, models, text, at, actor)
            values ({row.Name}, {row.Version}, {row.Stage}, {row.Models}, {row.Text}, {row.At}, {row.Actor})
            on conflict (name) do update set version = excluded.version, stage = excluded.stage, models = excluded.models, text = excluded.text, at = excluded.at, actor = excluded.actor
            """, cancellationToken);

    public static Task WithdrawAsync(Change change, string name, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"update environments set stage = null where name = {name}", cancellationToken);

    /// <summary>Of environments that serve the same stage, the one that serves this model.</summary>
    public static EnvironmentRow? Choose(IEnumerable<EnvironmentRow> rows, string model) => rows
        .Where(row => NamePattern.Matches(row.Models, model))
        .OrderByDescending(row => NamePattern.LiteralsIn(row.Models))
        .ThenBy(row => row.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    public static Fault Unknown(string name) => Fault.NotFound($"There is no environment '{Checks.Text.Shorten(name)}'. 'slipway environments list' shows those there are.");

    private static Task<EnvironmentRow?> FindAnyAsync(Reader reader, string name, CancellationToken cancellationToken) =>
        reader.FindAsync($"{Select} where name = {name}", Map, cancellationToken);

    private static Sql Select => Sql.Of($"select name, version, stage, models, text, at, actor from environments");

    private static EnvironmentRow Map(DbDataReader row) => new(row.GetString(0), row.GetInt64(1))
    {
        Stage = row.IsDBNull(2) ? null : row.GetString(2),
        Models = row.GetString(3),
        Text = row.GetString(4),
        At = row.GetInt64(5),
        Actor = row.GetString(6),
    };
}
