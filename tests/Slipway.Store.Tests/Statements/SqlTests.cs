using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Statements;

/// <summary>How a statement is put together from a text with holes.</summary>
public sealed class SqlTests
{
    [Fact]
    public void Holes_become_numbered_parameters_whatever_stands_in_them()
    {
        AssertSql("select 1 where a = $1 and b = $2", ["x' or 1 = 1 --", 5L], $"select 1 where a = {"x' or 1 = 1 --"} and b = {5L}");
        AssertSql("values ($1, $2, $3, $4)", [null, null, 1.5, new byte[] { 1 }], $"values ({(string?)null}, {(long?)null}, {1.5}, {new byte[] { 1 }})");
    }

    [Fact]
    public void A_fragment_in_a_hole_brings_its_own_parameters_in_their_order()
    {
        var inner = Sql.Of($"b = {2L} or c = {Sql.Of($"upper({"three"})")}");

        AssertSql("where a = $1 and (b = $2 or c = upper($3)) and d = $4", [1L, 2L, "three", 4L], $"where a = {1L} and ({inner}) and d = {4L}");
    }

    [Fact]
    public void An_interpolated_text_in_a_hole_is_a_parameter_and_no_part_of_the_statement()
    {
        var name = "x' or 1 = 1 --";

        AssertSql("where a = $1 and b = $2", ["note x' or 1 = 1 --", "none"], $"where a = {$"note {name}"} and b = {(name.Length == 0 ? name : $"{"none"}")}");
    }

    [Fact]
    public void Joined_fragments_are_separated()
    {
        AssertSql("where a = $1 and b = $2 and c", [1L, 2L], $"where {Sql.Join(" and ", [Sql.Of($"a = {1L}"), Sql.Of($"b = {2L}"), Sql.Of($"c")])}");
        AssertSql("where ", [], $"where {Sql.Join(" and ", [])}");
    }

    [Fact]
    public void Lists_are_filled_up_to_a_power_of_two_so_that_few_texts_are_prepared()
    {
        AssertSql("in ($1)", [7L], $"in {new[] { 7L }}");
        AssertSql("in ($1,$2)", ["a", "b"], $"in {new[] { "a", "b" }}");
        AssertSql("in ($1,$2,$3,$4)", [1L, 2L, 3L, 3L], $"in {new[] { 1L, 2L, 3L }}");
        AssertSql("in ($1)", [null], $"in {Array.Empty<long>()}");
    }

    [Fact]
    public void Pairs_say_their_types()
    {
        AssertSql("in (values (cast($1 as bigint), cast($2 as text)))", [1L, "a"], $"in {new[] { (1L, "a") }}");
        AssertSql(
            "in (values (cast($1 as bigint), cast($2 as text)),(cast($3 as bigint), cast($4 as text)),(cast($5 as bigint), cast($6 as text)),(cast($7 as bigint), cast($8 as text)))",
            [1L, "a", 2L, "b", 3L, "c", 3L, "c"],
            $"in {new[] { (1L, "a"), (2L, "b"), (3L, "c") }}");
        AssertSql("in (values (cast($1 as bigint), cast($2 as text)))", [null, null], $"in {Array.Empty<(long, string)>()}");
    }

    [Fact]
    public void The_same_text_has_the_same_key_whatever_its_values()
    {
        Assert.Equal(Sql.Of($"a = {1L} and b in {new[] { 1L, 2L, 3L }}").Key, Sql.Of($"a = {9L} and b in {new[] { 4L, 5L, 6L, 7L }}").Key);
        Assert.NotEqual(Sql.Of($"a in {new[] { 1L, 2L }}").Key, Sql.Of($"a in {new[] { 1L, 2L, 3L }}").Key);
    }

    private static void AssertSql(string text, IReadOnlyList<object?> values, Sql sql)
    {
        Assert.Equal(text, Sql.Number(sql.Key));
        Assert.Equal(values, sql.Values.Select(value => value.Value));
    }
}

/// <summary>That lists and pairs mean the same to both databases.</summary>
public abstract class ListsContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await OpenStore.OnAsync(freshDatabase);
        await _store.Ingest.WriteAsync(async (writer, token) =>
        {
            foreach (var (run, key) in new[] { (1L, "a"), (1L, "b"), (2L, "a"), (3L, "c") })
            {
                await writer.ExecuteAsync($"insert into params (run, key, value) values ({run}, {key}, '')", token);
            }

            return true;
        }, CancellationToken.None);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task Lists_find_what_is_in_them_and_an_empty_one_finds_nothing()
    {
        Assert.Equal(["1a", "1b", "3c"], await FindAsync($"run in {new[] { 1L, 3L, 9L }}"));
        Assert.Equal(["1a", "2a"], await FindAsync($"key in {new[] { "a" }}"));
        Assert.Equal(["2a"], await FindAsync($"run not in {new[] { 1L, 3L }}"));
        Assert.Equal(["3c"], await FindAsync($"key not in {new[] { "a", "b" }}"));
        Assert.Empty(await FindAsync($"run in {Array.Empty<long>()}"));
        Assert.Empty(await FindAsync($"key in {Array.Empty<string>()}"));
    }

    [Promise]
    public async Task Pairs_find_what_is_in_them_and_no_pairs_find_nothing()
    {
        Assert.Equal(["1b", "2a"], await FindAsync($"(run, key) in {new[] { (1L, "b"), (2L, "a"), (3L, "a") }}"));
        Assert.Empty(await FindAsync($"(run, key) in {Array.Empty<(long, string)>()}"));
    }

    [Promise]
    public async Task Values_come_back_as_they_were_given()
    {
        var row = await _store.Database.ReadAsync(reader => reader.FindAsync(
            $"select cast({long.MinValue} as bigint), cast({double.Epsilon} as double precision), {"é ' \" \\ 船 \U0001F600"}, {new byte[] { 0, 255 }}, cast({(long?)null} as bigint)",
            row => (row.GetInt64(0), row.GetDouble(1), row.GetString(2), Convert.ToHexString(row.GetFieldValue<byte[]>(3)), row.IsDBNull(4)),
            CancellationToken.None), CancellationToken.None);

        Assert.Equal((long.MinValue, double.Epsilon, "é ' \" \\ 船 \U0001F600", "00FF", true), row);
    }

    private Task<List<string>> FindAsync(Sql condition) => _store.ColumnAsync($"select cast(run as text) || key from params where {condition} order by run, key");
}

public sealed class ListsOnSqlite() : ListsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ListsOnPostgres() : ListsContract(Fresh.PostgresAsync);
