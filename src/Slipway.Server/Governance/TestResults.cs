using System.Data.Common;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Every statement that touches <c>test_results</c>.</summary>
internal static class TestResults
{
    public static Task AddAsync(Change change, TestResultRow row, CancellationToken cancellationToken) =>
        change.ExecuteAsync($"""
            insert into test_results (id, version, name, outcome, measured, link, inputs_digest, manifest_digest, actor, at, seq)
            values ({row.Id}, {row.Version}, {row.Name}, {row.Outcome}, {row.Measured}, {row.Link}, {row.InputsDigest}, {row.ManifestDigest}, {row.Actor}, {row.At}, {row.Sequence})
            """, cancellationToken);

    /// <summary>The latest result of each of these tests.</summary>
    public static async Task<IReadOnlyDictionary<string, TestResultRow>> LatestAsync(Reader reader, long version, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        // A test that Slipway runs has two names, and whichever was recorded last counts.
        var known = names.SelectMany(BuiltInTest.NamesOf).Distinct().ToList();
        var latest = await reader.ListAsync($"""
            {Select} where id in (select max(id) from test_results where version = {version} and name in {known} group by name)
            """, Map, cancellationToken);
        return names
            .Select(name => (Name: name, Result: latest.Where(result => BuiltInTest.NamesOf(name).Contains(result.Name)).MaxBy(result => result.Id)))
            .Where(found => found.Result is not null)
            .ToDictionary(found => found.Name, found => found.Result!);
    }

    /// <summary>Results of a version, the last recorded first.</summary>
    public static Task<List<TestResultRow>> ListAsync(Reader reader, TestQuery query, CancellationToken cancellationToken)
    {
        var named = query.Name is { } name ? Sql.Of($"and name = {name}") : Sql.Of($"");
        return reader.ListAsync($"{Select} where version = {query.Version} and id < {query.Before} {named} order by id desc limit {query.Limit}", Map, cancellationToken);
    }

    private static Sql Select => Sql.Of($"select id, version, name, outcome, measured, link, inputs_digest, manifest_digest, actor, at, seq from test_results");

    private static TestResultRow Map(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3))
    {
        Measured = row.IsDBNull(4) ? null : row.GetString(4),
        Link = row.IsDBNull(5) ? null : row.GetString(5),
        InputsDigest = row.IsDBNull(6) ? null : row.GetString(6),
        ManifestDigest = row.IsDBNull(7) ? null : row.GetString(7),
        Actor = row.GetString(8),
        At = row.GetInt64(9),
        Sequence = row.GetInt64(10),
    };
}

/// <summary>Which results.</summary>
/// <param name="Version">Of which version, by its internal id.</param>
/// <param name="Name">Of one test only; null for all.</param>
/// <param name="Before">Only those with a smaller id.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record TestQuery(long Version, string? Name, long Before, long Limit);
